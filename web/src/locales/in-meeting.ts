/** Texts of computers, of passcodes, and of whom a host keeps out of a meeting: whoever only stands at its door does without. */

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
  "expel.title": "Remove {name} from the meeting?",
  "expel.text": "They can’t hear or see anything from then on, and can’t come back by themselves. If they are here from another device too, with the same account, that ends as well. From then on the link alone lets nobody in: whoever is not on the list of the invited waits until you let them in.",
  "expel.stay": "Keep",
  "expel.now": "Remove",
  "deny.title": "Turn {name} away?",
  "deny.text": "They are told that they were not let in, on every device from which they wait with the same account. They may have the link, so from then on it alone lets nobody in: whoever is not on the list of the invited waits until you let them in. You can’t take this back.",
  "deny.wait": "Let them wait",
  "deny.now": "Turn away",
  "guarded.text": "Many machines tried to get into this meeting. Until {time} people who are not signed in wait for you, even with the link.",
  "guarded.lift": "Let the link work again",
} as const;
