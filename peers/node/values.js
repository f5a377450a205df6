/*
 * MFC's value types: geometry, times, and what came with OLE [TAB-8.1 to TAB-8.3].
 *
 * Each is a pair of functions, and a plain object or number in between. None has a tag on the wire.
 */
import { Buffer } from 'node:buffer';

import { NotSupportedException } from './archive.js';

/* SIZE, POINT and RECT: LONGs, in memory order. */
export async function loadSize(archive) {
    return { cx: await archive.loadLong(), cy: await archive.loadLong() };
}

export function storeSize(archive, { cx, cy }) {
    archive.storeLong(cx);
    archive.storeLong(cy);
}

export async function loadPoint(archive) {
    return { x: await archive.loadLong(), y: await archive.loadLong() };
}

export function storePoint(archive, { x, y }) {
    archive.storeLong(x);
    archive.storeLong(y);
}

export async function loadRect(archive) {
    return {
        left: await archive.loadLong(), top: await archive.loadLong(),
        right: await archive.loadLong(), bottom: await archive.loadLong(),
    };
}

export function storeRect(archive, { left, top, right, bottom }) {
    archive.storeLong(left);
    archive.storeLong(top);
    archive.storeLong(right);
    archive.storeLong(bottom);
}

const TIME64 = 0x8000000a;      // announces a CTime of 64 bits [TAB-8.2]

/* CTime in seconds since 1970: four bytes up to 7.1; from 8 on twelve, but four are still understood. */
export async function loadTime(archive, profile) {
    const dword = await archive.loadDWord();
    if (dword === TIME64 && profile.since('8'))
        return archive.loadLongLong();
    return BigInt(dword | 0);
}

export function storeTime(archive, seconds, profile) {
    if (profile.since('8')) {
        archive.storeDWord(TIME64);
        archive.storeLongLong(seconds);
    } else
        archive.storeLong(Number(BigInt.asIntN(32, seconds)));
}

/* COleDateTime { status, days }, and COleDateTimeSpan, of which 7.0 forgets to write the status [VAL-9]. */
export async function loadOleDateTime(archive) {
    return { status: await archive.loadLong(), days: await archive.loadDouble() };
}

export function storeOleDateTime(archive, { status, days }) {
    archive.storeLong(status);
    archive.storeDouble(days);
}

export function storeOleDateTimeSpan(archive, { status, days }, profile) {
    if (profile.generation !== '7.0')
        archive.storeLong(status);
    archive.storeDouble(days);
}

/* COleCurrency { status, value }: value is the amount times 10000, and its high half goes first. */
export async function loadOleCurrency(archive) {
    const status = await archive.loadLong();
    const high = await archive.loadLong();
    const low = await archive.loadDWord();
    return { status, value: BigInt(high) << 32n | BigInt(low) };
}

export function storeOleCurrency(archive, { status, value }) {
    archive.storeLong(status);
    archive.storeLong(Number(value >> 32n));
    archive.storeDWord(Number(BigInt.asUintN(32, value)));
}

/* CComBSTR: always wide, its length in units. */
export async function loadComBSTR(archive) {
    return (await archive.loadBytes(2 * await archive.loadDWord())).toString('utf16le');
}

export function storeComBSTR(archive, text) {
    archive.storeDWord(text.length);
    archive.storeBytes(Buffer.from(text, 'utf16le'));
}

/* COleVariant { vt, value }: what follows the type, by type. Of all others there is no value on the wire. */
const VARIANTS = new Map([
    [2,  { load: a => a.loadShort(),     store: (a, v) => a.storeShort(v) }],           // VT_I2
    [3,  { load: a => a.loadLong(),      store: (a, v) => a.storeLong(v) }],            // VT_I4
    [4,  { load: a => a.loadFloat(),     store: (a, v) => a.storeFloat(v) }],           // VT_R4
    [5,  { load: a => a.loadDouble(),    store: (a, v) => a.storeDouble(v) }],          // VT_R8
    [6,  { load: a => a.loadLongLong(),  store: (a, v) => a.storeLongLong(v) }],        // VT_CY: low half first
    [7,  { load: a => a.loadDouble(),    store: (a, v) => a.storeDouble(v) }],          // VT_DATE
    [8,  { load: loadVariantBSTR,        store: storeVariantBSTR }],                    // VT_BSTR
    [10, { load: a => a.loadLong(),      store: (a, v) => a.storeLong(v) }],            // VT_ERROR
    [11, { load: loadVariantBool,        store: (a, v) => a.storeShort(v ? -1 : 0) }],  // VT_BOOL
    [17, { load: a => a.loadByte(),      store: (a, v) => a.storeByte(v) }],            // VT_UI1
    [16, { load: a => a.loadChar(),      store: (a, v) => a.storeChar(v),      since: '7.1' }],     // VT_I1
    [18, { load: a => a.loadWord(),      store: (a, v) => a.storeWord(v),      since: '7.1' }],     // VT_UI2
    [19, { load: a => a.loadDWord(),     store: (a, v) => a.storeDWord(v),     since: '7.1' }],     // VT_UI4
    [20, { load: a => a.loadLongLong(),  store: (a, v) => a.storeLongLong(v),  since: '7.1' }],     // VT_I8
    [21, { load: a => a.loadULongLong(), store: (a, v) => a.storeULongLong(v), since: '7.1' }],     // VT_UI8
]);
const VT_DISPATCH = 9;
const VT_UNKNOWN = 13;

export function variantHasValue(vt, profile) {
    return VARIANTS.has(vt) && profile.since(VARIANTS.get(vt).since ?? '4.2');
}

export async function loadVariant(archive, profile) {
    const vt = await archive.loadWord();
    if (vt === VT_DISPATCH || vt === VT_UNKNOWN)
        throw new NotSupportedException('a variant that holds an interface');   // what its object writes is anyone's guess
    return { vt, value: variantHasValue(vt, profile) ? await VARIANTS.get(vt).load(archive) : undefined };
}

export function storeVariant(archive, { vt, value }, profile) {
    archive.storeWord(vt);
    if (variantHasValue(vt, profile))
        VARIANTS.get(vt).store(archive, value);
}

/* Unlike that of a CComBSTR the length is in bytes. */
async function loadVariantBSTR(archive) {
    return (await archive.loadBytes(await archive.loadDWord())).toString('utf16le');
}

function storeVariantBSTR(archive, text) {
    archive.storeDWord(2 * text.length);
    archive.storeBytes(Buffer.from(text, 'utf16le'));
}

async function loadVariantBool(archive) {
    return await archive.loadShort() !== 0;
}
