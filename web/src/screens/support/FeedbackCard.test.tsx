import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { Problem } from "../../api/problem.ts";
import { FeedbackCard } from "./FeedbackCard.tsx";

// Shows: REQ-RS-07.
it("sends what was said and nothing else, once something was", async () => {
  const onSay = vi.fn(() => Promise.resolve());
  render(<FeedbackCard questions={null} onSay={onSay} />);
  const user = userEvent.setup();
  const send = screen.getByRole<HTMLButtonElement>("button", { name: "Send" });
  expect(send.disabled).toBe(true);

  await user.selectOptions(screen.getByLabelText(/How was the help/), "4");
  await user.click(send);

  expect(onSay).toHaveBeenCalledWith({ solved: null, rating: 4, answers: [] });
  expect(await screen.findByText("Thank you. It is with them.")).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
  expect(document.activeElement).toBe(screen.getByRole("heading"));
});

it("can be sent again where it did not arrive, and says what was refused", async () => {
  const onSay = vi.fn(() => Promise.resolve());
  onSay.mockRejectedValueOnce(new Problem("feedback_given", 409));
  render(<FeedbackCard questions={null} onSay={onSay} />);
  const user = userEvent.setup();

  await user.selectOptions(screen.getByLabelText("Is your problem solved?"), "no");
  await user.click(screen.getByRole("button", { name: "Send" }));
  expect(await screen.findByText("You have said already how it went.")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Send" }));

  expect(await screen.findByText("Thank you. It is with them.")).toBeTruthy();
  expect(onSay).toHaveBeenLastCalledWith({ solved: false, rating: null, answers: [] });
});

// Shows: REQ-RS-07.
it("asks what the organisation asks, and for no words, which no browser seals", async () => {
  const onSay = vi.fn(() => Promise.resolve());
  const questions = [
    { kind: "rating", text: "How quick was it?" },
    { kind: "text", text: "What was it about?" },
    { kind: "rating", text: "How kind was it?" },
  ] as const;
  const { rerender } = render(<FeedbackCard questions={questions} onSay={onSay} />);
  const user = userEvent.setup();

  expect(screen.queryByLabelText("Is your problem solved?")).toBeNull();
  expect(screen.queryByLabelText("What was it about?")).toBeNull();
  await user.selectOptions(screen.getByLabelText("How kind was it?"), "5");
  await user.click(screen.getByRole("button", { name: "Send" }));

  expect(onSay).toHaveBeenCalledWith({
    solved: null,
    rating: null,
    answers: [{ question: "How kind was it?", rating: 5 }],
  });
  rerender(<FeedbackCard questions={[questions[1]]} onSay={onSay} />);
  expect(screen.queryByRole("heading")).toBeNull();
});
