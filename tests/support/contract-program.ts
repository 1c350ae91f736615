// The program that the runtimes' contract asks for, as a shell script for busybox.

export const contractScript = `
case "$MODE" in
  exit) echo "cannot go on" >&2; exit 3 ;;
  job) echo "working for $VERSION"; exit "$EXIT_CODE" ;;
esac
b=/bin/busybox
if [ -n "$PEER" ]; then echo "peer says $($b wget -q -O - "http://$PEER:8080/")"; fi
if [ -n "$KEEP" ]; then
  echo "$VERSION" >> "$KEEP/versions"
  echo "kept $($b tr '\\n' ' ' < "$KEEP/versions" | $b sed 's/ $//')"
fi
if [ -n "$SLEEP" ]; then $b sleep "$SLEEP"; fi
$b mkdir -p /www
echo "$VERSION" > /www/index.html
if [ -z "$SICK" ]; then echo well > /www/health; fi
trap 'exit 0' TERM
$b httpd -f -p 8080 -h /www &
echo "serving $VERSION"
echo "a word on stderr" >&2
wait
`;
