/** Texts of computers and passcodes in a meeting: whoever only stands at its door does without. */

export const inMeeting = {
  "computer.lend": "Lend my computer",
  "computer.lent": "{name} lets you use their computer. They are asked there before you see anything.",
  "computer.use": "Use it",
  "computer.loading": "Reaching the computer…",
  "room.silent": "Your connection is silent. Waiting for it…",
  "people.computers": "Computers",
  "people.computer.lent": "Used by {name}",
  "people.computer.idle": "Nobody uses it",
  "people.passcode.change": "Change the passcode",
  "people.passcode.changed": "The passcode was changed, and the one before is refused. Copy the invitation again for whoever comes by code; links work as they did.",
} as const;
