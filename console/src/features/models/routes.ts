// Routes of the catalogue: in a workspace, and for everybody where the operator allows it.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { openRoute, workspaceRoute } from "../../app/parent-routes.tsx";
import { compact, type RawSearch } from "../../app/search.ts";
import { readCalculatorSearch, type CalculatorSearch } from "./calculator-search.ts";
import { comparedAt, readModelsSearch, type ModelsSearch } from "./models-search.ts";

export type CompareSearch = CalculatorSearch & { readonly model?: readonly string[] };
export type PricingSearch = CalculatorSearch & Pick<ModelsSearch, "q" | "sort" | "order">;

const readCompareSearch = (raw: RawSearch): CompareSearch =>
  compact({ model: comparedAt(raw, "model"), ...readCalculatorSearch(raw) });

function readPricingSearch(raw: RawSearch): PricingSearch {
  const { q, sort, order } = readModelsSearch(raw);
  return compact({ q, sort, order, ...readCalculatorSearch(raw) });
}

const listPage = lazyRouteComponent(() => import("./models-page.tsx"), "ModelsPage");
const comparePage = lazyRouteComponent(() => import("./compare-page.tsx"), "ComparePage");
const modelPage = lazyRouteComponent(() => import("./model-page.tsx"), "ModelPage");

export const modelsRoutes = [
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "models",
    validateSearch: (raw: RawSearch): ModelsSearch => readModelsSearch(raw),
    component: listPage,
  }),
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "models/compare",
    validateSearch: readCompareSearch,
    component: comparePage,
  }),
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "models/$model",
    validateSearch: readCalculatorSearch,
    component: modelPage,
  }),
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "models/$vendor/$model",
    validateSearch: readCalculatorSearch,
    component: modelPage,
  }),
] as const;

export const publicCatalogueRoutes = [
  createRoute({
    getParentRoute: () => openRoute,
    path: "/catalogue",
    validateSearch: (raw: RawSearch): ModelsSearch => readModelsSearch(raw),
    component: listPage,
  }),
  createRoute({
    getParentRoute: () => openRoute,
    path: "/catalogue/compare",
    validateSearch: readCompareSearch,
    component: comparePage,
  }),
  createRoute({
    getParentRoute: () => openRoute,
    path: "/catalogue/$model",
    validateSearch: readCalculatorSearch,
    component: modelPage,
  }),
  createRoute({
    getParentRoute: () => openRoute,
    path: "/catalogue/$vendor/$model",
    validateSearch: readCalculatorSearch,
    component: modelPage,
  }),
  createRoute({
    getParentRoute: () => openRoute,
    path: "/pricing",
    validateSearch: readPricingSearch,
    component: lazyRouteComponent(() => import("./pricing-page.tsx"), "PricingPage"),
  }),
] as const;
