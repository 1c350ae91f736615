// The choice between light, dark and the system's theme.

import { Monitor, Moon, Sun } from "lucide-react";
import { IconButton } from "../ui/icon-button.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { useTheme } from "./theme.ts";

export function ThemeMenu() {
  const [theme, choose] = useTheme();
  const Icon = { system: Monitor, light: Sun, dark: Moon }[theme];
  return (
    <Menu trigger={<IconButton label="Theme" icon={<Icon aria-hidden />} />}>
      <MenuItem icon={<Monitor aria-hidden />} onSelect={() => choose("system")}>
        As the system is
      </MenuItem>
      <MenuItem icon={<Sun aria-hidden />} onSelect={() => choose("light")}>
        Light
      </MenuItem>
      <MenuItem icon={<Moon aria-hidden />} onSelect={() => choose("dark")}>
        Dark
      </MenuItem>
    </Menu>
  );
}
