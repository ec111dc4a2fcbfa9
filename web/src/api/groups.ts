/** Groups of accounts. */

import type { Requests } from "./requests.ts";
import type { Group, GroupList, GroupMembers } from "./wire.ts";

export function groupRoutes(requests: Requests) {
  return {
    groups: () => requests.json<GroupList>({ method: "GET", path: "groups" }),

    group: (id: string) => requests.json<GroupMembers>({ method: "GET", path: `groups/${id}` }),

    createGroup: (name: string) => requests.json<Group>({ method: "POST", path: "groups", body: { name } }),

    renameGroup: (id: string, name: string) => requests.nothing({ method: "PUT", path: `groups/${id}`, body: { name } }),

    deleteGroup: (id: string) => requests.nothing({ method: "DELETE", path: `groups/${id}` }),

    addToGroup: (id: string, account: string) => requests.nothing({ method: "PUT", path: `groups/${id}/members/${account}` }),

    removeFromGroup: (id: string, account: string) => requests.nothing({ method: "DELETE", path: `groups/${id}/members/${account}` }),
  };
}
