/** The keys of a keyboard by their places: what browsers call `KeyboardEvent.code`, as usages of USB HID's keyboard page. */

const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].map((letter, index): [string, number] => [`Key${letter}`, 0x04 + index]);
const DIGITS = [..."1234567890"].map((digit, index): [string, number] => [`Digit${digit}`, 0x1e + index]);
const NUMPAD_DIGITS = [..."1234567890"].map((digit, index): [string, number] => [`Numpad${digit}`, 0x59 + index]);

/** F1 to F12, and those of larger keyboards. */
const FUNCTIONS = Array.from({ length: 24 }, (_, index): [string, number] => [`F${index + 1}`, index < 12 ? 0x3a + index : 0x68 + index - 12]);

const USAGES: ReadonlyMap<string, number> = new Map([
  ...LETTERS,
  ...DIGITS,
  ...NUMPAD_DIGITS,
  ...FUNCTIONS,
  ["Enter", 0x28],
  ["Escape", 0x29],
  ["Backspace", 0x2a],
  ["Tab", 0x2b],
  ["Space", 0x2c],
  ["Minus", 0x2d],
  ["Equal", 0x2e],
  ["BracketLeft", 0x2f],
  ["BracketRight", 0x30],
  ["Backslash", 0x31],
  ["Semicolon", 0x33],
  ["Quote", 0x34],
  ["Backquote", 0x35],
  ["Comma", 0x36],
  ["Period", 0x37],
  ["Slash", 0x38],
  ["CapsLock", 0x39],
  ["PrintScreen", 0x46],
  ["ScrollLock", 0x47],
  ["Pause", 0x48],
  ["Insert", 0x49],
  ["Home", 0x4a],
  ["PageUp", 0x4b],
  ["Delete", 0x4c],
  ["End", 0x4d],
  ["PageDown", 0x4e],
  ["ArrowRight", 0x4f],
  ["ArrowLeft", 0x50],
  ["ArrowDown", 0x51],
  ["ArrowUp", 0x52],
  ["NumLock", 0x53],
  ["NumpadDivide", 0x54],
  ["NumpadMultiply", 0x55],
  ["NumpadSubtract", 0x56],
  ["NumpadAdd", 0x57],
  ["NumpadEnter", 0x58],
  ["NumpadDecimal", 0x63],
  ["IntlBackslash", 0x64],
  ["ContextMenu", 0x65],
  ["Power", 0x66],
  ["NumpadEqual", 0x67],
  ["Help", 0x75],
  ["Undo", 0x7a],
  ["Cut", 0x7b],
  ["Copy", 0x7c],
  ["Paste", 0x7d],
  ["Find", 0x7e],
  ["AudioVolumeMute", 0x7f],
  ["AudioVolumeUp", 0x80],
  ["AudioVolumeDown", 0x81],
  ["NumpadComma", 0x85],
  ["IntlRo", 0x87],
  ["KanaMode", 0x88],
  ["IntlYen", 0x89],
  ["Convert", 0x8a],
  ["NonConvert", 0x8b],
  ["Lang1", 0x90],
  ["Lang2", 0x91],
  ["Lang3", 0x92],
  ["Lang4", 0x93],
  ["NumpadParenLeft", 0xb6],
  ["NumpadParenRight", 0xb7],
  ["ControlLeft", 0xe0],
  ["ShiftLeft", 0xe1],
  ["AltLeft", 0xe2],
  ["MetaLeft", 0xe3],
  ["ControlRight", 0xe4],
  ["ShiftRight", 0xe5],
  ["AltRight", 0xe6],
  ["MetaRight", 0xe7],
]);

/** `undefined` for a key that keyboards of computers don't have. */
export function usageOf(code: string): number | undefined {
  return USAGES.get(code);
}

export function isModifier(usage: number): boolean {
  return usage >= 0xe0;
}

/** Pressed together on the computer, where this browser or its system would keep them for itself. */
export const COMBINATIONS = [
  { id: "ctrl_alt_delete", keys: ["ControlLeft", "AltLeft", "Delete"] },
  { id: "alt_tab", keys: ["AltLeft", "Tab"] },
  { id: "alt_f4", keys: ["AltLeft", "F4"] },
  { id: "meta", keys: ["MetaLeft"] },
  { id: "meta_l", keys: ["MetaLeft", "KeyL"] },
  { id: "meta_r", keys: ["MetaLeft", "KeyR"] },
  { id: "ctrl_shift_escape", keys: ["ControlLeft", "ShiftLeft", "Escape"] },
  { id: "print_screen", keys: ["PrintScreen"] },
  { id: "ctrl_alt_t", keys: ["ControlLeft", "AltLeft", "KeyT"] },
] as const satisfies readonly { id: string; keys: readonly string[] }[];

export type CombinationId = (typeof COMBINATIONS)[number]["id"];
