// The files of the index, each asked for once. `read(path)` gives a file's JSON by its path below search/.
import { CARDS, CHUNK, numbers, shardOf, TAIL_SHARDS, tailOf, TERM_SHARDS } from "./search-text.js";

const EMPTY = new Map();

/** The numbers that hexadecimal digits hold, four each, the lowest first. */
const existing = (bits, size) => {
  const found = new Set();
  for (let i = 0; i < size; i++) if ((parseInt(bits[i >> 2], 16) >> (i & 3)) & 1) found.add(i);
  return found;
};

export class Index {
  #read;
  #files = new Map();
  #header = null;

  constructor(read) { this.#read = read; }

  #file(path, made = (value) => value) {
    if (!this.#files.has(path)) {
      const reading = this.#read(path).then(made);
      reading.catch(() => this.#files.delete(path)); // asked for again next time
      this.#files.set(path, reading);
    }
    return this.#files.get(path);
  }

  /** {workflows, chunks, size}: `size` is one more than the highest slot may be. */
  header() {
    this.#header ??= this.#file("index.json", (value) => ({
      workflows: value.workflows,
      chunks: value.chunks,
      size: CHUNK * (Math.max(-1, ...value.chunks) + 1),
      terms: existing(value.terms, TERM_SHARDS),
      tails: existing(value.tails, TAIL_SHARDS),
    })).catch((error) => { this.#header = null; throw error; });
    return this.#header;
  }

  /** Term → postings of the shard that a term would be in. */
  async shard(term) {
    const shard = shardOf(term);
    if (!(await this.header()).terms.has(shard)) return EMPTY;
    return this.#file(`terms/${shard.toString(16).padStart(3, "0")}.json`, (value) => new Map(Object.entries(value)));
  }

  /** Words that end as this one does. */
  async tail(word) {
    const shard = tailOf(word);
    if (!(await this.header()).tails.has(shard)) return [];
    return this.#file(`tails/${shard.toString(16).padStart(2, "0")}.json`);
  }

  /** Value → texts of postings, one a chunk. */
  facet(dimension) {
    return this.#whole(`facets/${dimension}`, (files) => {
      const found = new Map();
      for (const file of files) {
        for (const [value, slots] of Object.entries(file)) {
          if (!found.has(value)) found.set(value, []);
          found.get(value).push(slots);
        }
      }
      return found;
    });
  }

  /** A column's numbers by slot, as an array of the registry's size; -1 where a slot has none. */
  async column(name) {
    const { size } = await this.header();
    return this.#whole(`columns/${name}`, (files, chunks) => {
      const all = new Int32Array(size).fill(-1);
      files.forEach((file, at) => all.set(numbers(file), chunks[at] * CHUNK));
      return all;
    });
  }

  /** Every name by slot; nothing where a slot has none. */
  names() {
    return this.#whole("columns/name", (files, chunks) => {
      const all = [];
      files.forEach((file, at) => file.forEach((value, slot) => { if (value) all[chunks[at] * CHUNK + slot] = value; }));
      return all;
    });
  }

  async #whole(path, made) {
    const { chunks } = await this.header();
    const key = `${path}/`;
    if (!this.#files.has(key)) {
      const reading = Promise.all(chunks.map((chunk) => this.#read(`${path}/${chunk}.json`)));
      const whole = reading.then((files) => made(files, chunks));
      whole.catch(() => this.#files.delete(key));
      this.#files.set(key, whole);
    }
    return this.#files.get(key);
  }

  /** The cards of slots, in their order; one that has gone meanwhile is left out. */
  async cards(slots) {
    const files = await Promise.all(slots.map((slot) => this.#file(`cards/${Math.floor(slot / CARDS)}.json`)));
    return files.map((file, at) => file[slots[at]]).filter(Boolean);
  }
}
