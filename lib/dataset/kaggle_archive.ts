/**
 * The raw tables out of Kaggle's zip, which holds each CSV zipped once more. Members are looked up by
 * name and kept in memory: nothing is written, so a member's path can do no harm. Zip format:
 * PKWARE's APPNOTE 6.3, sections 4.3.12 (central directory) and 4.3.16 (its end).
 *
 * @module
 */

import { crc32 } from "node:zlib";
import { inflateSync } from "fflate";
import { UserError } from "../errors.ts";

/** A member that unpacks to more bytes than this is refused; Kaggle's largest has 13 million. */
export const LARGEST_MEMBER = 512 * 1024 * 1024;

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const STORED = 0, DEFLATED = 8;

interface Member {
  /** Path inside the archive, as it was written. */
  name: string;
  encrypted: boolean;
  method: number;
  /** CRC-32 of the unpacked bytes. */
  checksum: number;
  packedSize: number;
  size: number;
  /** Of `name`, in bytes. */
  nameLength: number;
  /** Where the local header starts. */
  offset: number;
}

/** Whether a file's first bytes are those of a zip. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/**
 * Finds a CSV in a zip, in whatever folder, either plain or in a zip of its own
 * (`train.csv.zip` for `train.csv`); plain comes first.
 *
 * @param path Of the zip; named in messages.
 * @param file Name of the CSV without a folder.
 * @param largest Most bytes that a member may unpack to.
 * @returns Its bytes, or `undefined` where the zip does not hold it.
 * @throws {UserError} where the zip is damaged, encrypted, holds the CSV twice, or unpacks to too
 *   much.
 *
 * @example
 * ```ts
 * import { zipSync } from "fflate";
 * import { findCsv } from "./kaggle_archive.ts";
 * const csv = new TextEncoder().encode("Store,Type,Size\n1,A,151315\n");
 * const archive = zipSync({ "stores.csv.zip": zipSync({ "stores.csv": csv }) });
 * console.log(findCsv(archive, "kaggle.zip", "stores.csv")?.length); // 27
 * ```
 */
export function findCsv(
  zip: Uint8Array,
  path: string,
  file: string,
  largest = LARGEST_MEMBER,
): Uint8Array | undefined {
  const members = listMembers(zip, path);
  const plain = findMember(members, path, file);
  if (plain) return unpack(zip, path, plain, largest);
  const zipped = findMember(members, path, `${file}.zip`);
  if (!zipped) return undefined;
  const inner = unpack(zip, path, zipped, largest);
  const innerPath = `${path}/${zipped.name}`;
  const member = findMember(listMembers(inner, innerPath), innerPath, file);
  if (!member) throw new UserError(`${innerPath} does not hold ${file}. Download it again.`);
  return unpack(inner, innerPath, member, largest);
}

function findMember(members: Member[], path: string, file: string): Member | undefined {
  const found = members.filter(({ name }) => {
    const parts = name.split(/[\\/]/);
    // macOS adds a shadow of each file under __MACOSX.
    return parts.at(-1) === file && parts[0] !== "__MACOSX";
  });
  if (found.length > 1) {
    const names = found.map(({ name }) => name).join(" and ");
    throw new UserError(
      `${path} holds ${file} more than once: ${names}. Unzip it and give the folder you mean.`,
    );
  }
  return found[0];
}

function listMembers(zip: Uint8Array, path: string): Member[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const members: Member[] = [];
  try {
    const end = findEnd(view);
    const count = view.getUint16(end + 10, true);
    let at = view.getUint32(end + 16, true);
    for (let entry = 0; entry < count; entry++) {
      if (view.getUint32(at, true) !== DIRECTORY_ENTRY) throw new RangeError("no entry");
      const nameLength = view.getUint16(at + 28, true);
      const extraLength = view.getUint16(at + 30, true);
      const commentLength = view.getUint16(at + 32, true);
      members.push({
        name: new TextDecoder().decode(slice(zip, at + 46, nameLength)),
        encrypted: (view.getUint16(at + 8, true) & 1) === 1,
        method: view.getUint16(at + 10, true),
        checksum: view.getUint32(at + 16, true),
        packedSize: view.getUint32(at + 20, true),
        size: view.getUint32(at + 24, true),
        nameLength,
        offset: view.getUint32(at + 42, true),
      });
      at += 46 + nameLength + extraLength + commentLength;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(
      `${path} is no whole zip file: its directory is missing or damaged. Download it again.`,
    );
  }
  return members;
}

/** Position of the end record; a comment of up to 65,535 bytes may follow it. */
function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - 22 - 65_535);
  for (let at = view.byteLength - 22; at >= first; at--) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  }
  throw new RangeError("no end record");
}

function unpack(zip: Uint8Array, path: string, member: Member, largest: number): Uint8Array {
  const { name, size } = member;
  if (member.encrypted) {
    throw new UserError(`${path}: ${name} is encrypted. Unzip it and give the folder.`);
  }
  if (size > largest) {
    throw new UserError(
      `${path}: ${name} unpacks to ${megabytes(size)} MB, but at most ${megabytes(largest)} MB ` +
        "are read from a zip. Unzip it and give the folder.",
    );
  }
  if (member.method !== STORED && member.method !== DEFLATED) {
    throw new UserError(
      `${path}: ${name} is packed by a rare method (${member.method}). Unzip it and give the folder.`,
    );
  }
  const content = inflate(zip, member);
  if (content?.length !== size || crc32(content) !== member.checksum) {
    throw new UserError(`${path}: ${name} is damaged. Download it again.`);
  }
  return content;
}

/** The member's bytes, no more than its `size`; `undefined` where they cannot be read. */
function inflate(zip: Uint8Array, member: Member): Uint8Array | undefined {
  try {
    const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
    const { offset, packedSize, method, size } = member;
    if (view.getUint32(offset, true) !== LOCAL_HEADER) return undefined;
    // A directory entry whose name was damaged may name another member.
    if (view.getUint16(offset + 26, true) !== member.nameLength) return undefined;
    // The local header's extra field may be longer than the directory's.
    const header = 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
    const packed = slice(zip, offset + header, packedSize);
    return method === STORED ? packed : inflateSync(packed, { out: new Uint8Array(size) });
  } catch (error) {
    // RangeError of the view, or fflate's own error, which has a code.
    if (error instanceof RangeError || (error instanceof Error && "code" in error)) {
      return undefined;
    }
    throw error;
  }
}

function slice(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (start + length > bytes.length) throw new RangeError("beyond the end");
  return bytes.subarray(start, start + length);
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1_048_576);
}
