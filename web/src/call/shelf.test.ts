import { beforeEach, describe, expect, it } from "vitest";

import { type Shelf, shelfOf } from "./shelf.ts";

beforeEach(() => localStorage.clear());

const full: Shelf = {
  getItem: () => "old",
  setItem: () => {
    throw new DOMException("", "QuotaExceededError");
  },
  removeItem: () => {},
};

describe("a shelf", () => {
  it("keeps things where the browser does", () => {
    shelfOf(() => localStorage).setItem("a", "1");

    expect(localStorage.getItem("a")).toBe("1");
    expect(shelfOf(() => localStorage).getItem("a")).toBe("1");
  });

  it("keeps things for the page where the browser blocks storage", () => {
    const shelf = shelfOf(() => {
      throw new DOMException("", "SecurityError");
    });

    expect(shelf.getItem("a")).toBeNull();
    shelf.setItem("a", "1");
    expect(shelf.getItem("a")).toBe("1");
    shelf.removeItem("a");
    expect(shelf.getItem("a")).toBeNull();
  });

  it("gives back the newest where storage is full", () => {
    const shelf = shelfOf(() => full);

    shelf.setItem("a", "new");

    expect(shelf.getItem("a")).toBe("new");
  });
});
