/** Texts of sealed codes and trainings: they come with those pages. */

export const sealed = {
  "sealed.title": "Sealed codes",
  "sealed.text": "Codes on paper, in a sealed envelope, for when somebody’s second factor or your organisation’s login is out of reach. With one of them and their own e-mail address, people who may take emergency access sign in for that alone. Each works once.",
  "sealed.none": "Nobody has made any.",
  "sealed.made": "Made by {name}: {day}.",
  "sealed.left.one": "{count} code is left.",
  "sealed.left.other": "{count} codes are left.",
  "sealed.unused": "Code {number}: not used",
  "sealed.used": "Code {number}: used by {name}, {day}",
  "sealed.replaces": "When you make other codes, those that are left are void. Destroy their envelope.",
  "sealed.make": "Make codes",
  "sealed.makeOther": "Make other codes",
  "sealed.fresh": "Print these codes and seal them in an envelope. They are shown this once.",
  "sealed.list": "Codes by their numbers",
  "sealed.print": "Print",
  "sealed.done": "They are on paper",
  "sealed.say": "The codes are made. Earlier ones are void.",
  "failure.training_not_found": "There is no such training. Load the page again.",
  "failure.training_invalid": "A training was completed before now, and is good for five years at the most.",
  "failure.training_withdrawn": "Somebody has taken this back already. Load the page again.",
  "failure.too_many_trainings": "The register is full.",
} as const;
