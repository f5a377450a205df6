/*
 * Narrow text, one byte per character, in Windows code page 1252 [STR-17].
 *
 * The stream does not say which code page its narrow strings are in. This one is what a western
 * ANSI program has; for another, replace the table. Every byte stands for one character and comes
 * back as the same byte: five bytes to which 1252 gives no character stand for themselves.
 */
import { Buffer } from 'node:buffer';

// The characters of the bytes 80 to 9f; all others are those of Latin-1.
const C1 = '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
           '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

const UNMAPPABLE = '?';     // [STR-18]

export function decodeNarrow(bytes) {
    return bytes.toString('latin1').replace(/[\x80-\x9f]/g, c => C1[c.charCodeAt(0) - 0x80]);
}

export function encodeNarrow(text) {
    const latin1 = text.replace(/[^\x00-\x7f\xa0-\xff]/g, c => {
        const at = C1.indexOf(c);
        return at < 0 ? UNMAPPABLE : String.fromCharCode(0x80 + at);
    });
    return Buffer.from(latin1, 'latin1');
}
