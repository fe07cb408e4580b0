// Most user text has nothing in it that a comment would have to be saved from, and needs no closer look.

const plain = /^(?: ?[\w.,:;()'"=+<>-])*$/;

/** One line of common ASCII, that neither begins a word of a comment's language nor ends the comment. */
export const isPlainText = (text: string): boolean => text.charAt(0) !== ' ' && plain.test(text);
