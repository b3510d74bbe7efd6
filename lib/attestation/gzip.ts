// Gzip whose bytes depend on the text alone. zlib's do not: builds differ by version and by processor.
//
// One block of fixed Huffman codes over greedy matches. SOURCE: RFC 1951, RFC 1952.

const WINDOW = 32_768;
const LONGEST = 258;
const SHORTEST = 3;
/** Earlier places looked at for each match. */
const TRIES = 32;

/** Smallest length of each length code from 257 on, and of each distance code: RFC 1951, 3.2.5. */
const LENGTHS = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
const DISTANCES = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12289, 16385, 24577,
];
const lengthBits = (code: number): number => (code < 8 || code === 28 ? 0 : (code >> 2) - 1);
const distanceBits = (code: number): number => (code < 4 ? 0 : (code >> 1) - 1);

/** Deflate, no name, no time, no flags, system unknown. */
const HEADER = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/** The text in UTF-8 as gzip: the same bytes on every machine. */
export function gzip(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  const end = Buffer.alloc(8);
  end.writeUInt32LE(crc32(bytes), 0);
  end.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([Buffer.from(HEADER), deflate(bytes), end]);
}

function deflate(bytes: Buffer): Buffer {
  const out = new Bits();
  // The last block, with fixed codes.
  out.put(1, 1);
  out.put(1, 2);
  const places = new Places(bytes);
  let at = 0;
  while (at < bytes.length) {
    const { length, distance } = places.longest(at);
    if (length < SHORTEST) {
      symbol(out, bytes[at]!);
      places.add(at);
      at += 1;
      continue;
    }
    const lengthCode = codeOf(LENGTHS, length);
    symbol(out, 257 + lengthCode);
    out.put(length - LENGTHS[lengthCode]!, lengthBits(lengthCode));
    const distanceCode = codeOf(DISTANCES, distance);
    out.putCode(distanceCode, 5);
    out.put(distance - DISTANCES[distanceCode]!, distanceBits(distanceCode));
    for (const stop = at + length; at < stop; at += 1) places.add(at);
  }
  symbol(out, 256);
  return out.end();
}

/** A literal, the end or a length, by its fixed code: RFC 1951, 3.2.6. */
function symbol(out: Bits, value: number): void {
  if (value < 144) out.putCode(0x30 + value, 8);
  else if (value < 256) out.putCode(0x190 + value - 144, 9);
  else if (value < 280) out.putCode(value - 256, 7);
  else out.putCode(0xc0 + value - 280, 8);
}

/** The last code whose smallest value is not above this one. */
function codeOf(smallest: readonly number[], value: number): number {
  let code = smallest.length - 1;
  while (smallest[code]! > value) code -= 1;
  return code;
}

/** Where three bytes stood before. */
class Places {
  private readonly last = new Map<number, number>();
  private readonly before: Int32Array;

  public constructor(private readonly bytes: Buffer) {
    this.before = new Int32Array(bytes.length).fill(-1);
  }

  public add(at: number): void {
    if (at + SHORTEST > this.bytes.length) return;
    const key = this.key(at);
    this.before[at] = this.last.get(key) ?? -1;
    this.last.set(key, at);
  }

  /** The longest match in the window, the nearest of equals; length 0 without one. */
  public longest(at: number): { readonly length: number; readonly distance: number } {
    const most = Math.min(LONGEST, this.bytes.length - at);
    let best = { length: 0, distance: 0 };
    if (most < SHORTEST) return best;
    let from = this.last.get(this.key(at)) ?? -1;
    for (let tries = 0; tries < TRIES && from >= 0 && at - from <= WINDOW; tries += 1) {
      let length = 0;
      while (length < most && this.bytes[from + length] === this.bytes[at + length]) length += 1;
      if (length > best.length) best = { length, distance: at - from };
      if (length === most) break;
      from = this.before[from]!;
    }
    return best;
  }

  private key(at: number): number {
    return (this.bytes[at]! << 16) | (this.bytes[at + 1]! << 8) | this.bytes[at + 2]!;
  }
}

/** Bits, the lowest of each byte first. */
class Bits {
  private readonly bytes: number[] = [];
  private held = 0;
  private count = 0;

  /** A number, lowest bit first. */
  public put(value: number, bits: number): void {
    this.held |= value << this.count;
    this.count += bits;
    while (this.count >= 8) {
      this.bytes.push(this.held & 0xff);
      this.held >>>= 8;
      this.count -= 8;
    }
  }

  /** A Huffman code, highest bit first. */
  public putCode(code: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit -= 1) this.put((code >> bit) & 1, 1);
  }

  public end(): Buffer {
    if (this.count > 0) this.bytes.push(this.held & 0xff);
    return Buffer.from(this.bytes);
  }
}

const CRC = Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

function crc32(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ CRC[(value ^ byte) & 0xff]!;
  return (value ^ 0xffffffff) >>> 0;
}
