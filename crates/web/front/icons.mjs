// Our names for the icons in use, and the Lucide drawing behind each.
export const icons = {
  alert: "triangle-alert",
  api: "code",
  back: "arrow-left",
  check: "check",
  clock: "clock",
  copy: "copy",
  dashboard: "layout-dashboard",
  download: "download",
  file: "file-up",
  folder: "folder",
  info: "info",
  key: "key-round",
  link: "link",
  lock: "lock",
  log: "scroll-text",
  mail: "mail",
  menu: "menu",
  more: "ellipsis",
  pause: "circle-pause",
  pen: "pencil",
  plus: "plus",
  queue: "inbox",
  sent: "check-check",
  shield: "shield",
  settings: "sliders-horizontal",
  "sign-out": "log-out",
  switch: "chevrons-up-down",
  user: "user",
  "user-plus": "user-plus",
  users: "users",
  x: "x",
};

/** The mark: a tally of five. Drawn on the same 24 units as the icons. */
export const logo =
  '<g stroke-width="2.8"><path d="M5.2 4.5v15M9.7 4.5v15M14.2 4.5v15M18.7 4.5v15"/><path d="M2.3 17.3 21.7 6.7"/></g>';
