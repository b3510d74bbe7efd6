// A text as a TOML value that every parser reads back byte by byte.

/** Control characters but tab and line feed, and halves of surrogate pairs. */
const UNWRITABLE = /(?![\t\n])\p{Cc}|\p{Surrogate}/u;

/**
 * A multi-line literal where the text can stand in one, else one line with escapes. Undefined for text that parsers may
 * change or refuse: a carriage return is normalised by some. SOURCE: TOML 1.0.0, String.
 */
export function tomlText(text: string): string | undefined {
  if (UNWRITABLE.test(text)) return undefined;
  // Quotes at the end run into the closing ones.
  if (!text.includes("'''") && !text.endsWith("'")) return `'''\n${text}'''`;
  const escaped = text
    .replace(/\\/g, "\\\\")
    .replace(/"/g, '\\"')
    .replace(/\n/g, "\\n")
    .replace(/\t/g, "\\t");
  return `"${escaped}"`;
}
