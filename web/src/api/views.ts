/** Searches that are kept under a name. */

import type { Requests } from "./requests.ts";
import type { ChangeView, SaveView, SavedView, SavedViewList } from "./wire.ts";

export function viewRoutes(requests: Requests) {
  return {
    /** Those of whoever is signed in, and those that others share. */
    savedViews: () => requests.json<SavedViewList>({ method: "GET", path: "admin/views" }),

    saveView: (body: SaveView) => requests.json<SavedView>({ method: "POST", path: "admin/views", body }),

    /** With what it looks for, where all that it names is still there. */
    openView: (id: string) => requests.json<SavedView>({ method: "GET", path: `admin/views/${id}` }),

    changeView: (id: string, body: ChangeView) => requests.nothing({ method: "PUT", path: `admin/views/${id}`, body }),

    removeView: (id: string) => requests.nothing({ method: "DELETE", path: `admin/views/${id}` }),
  };
}
