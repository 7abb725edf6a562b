#!/usr/bin/env python3
"""Writes common/text/ucd_tables.c and .h from the Unicode Character Database.

    gen_ucd.py [--data DIR] [--out DIR]

DIR of the data defaults to /usr/share/unicode (Debian package unicode-data),
DIR of the output to the folder above this script. The output depends on the
data alone, so a test can generate it again and compare.
"""

import argparse
import os
import re
import sys

LIMIT = 0x110000

# The numbers of the Word_Break classes; common/text/word_break.c relies on
# the names only. Other must be 0: code points not listed have it.
WORD_BREAK = [
    "Other", "CR", "LF", "Newline", "Extend", "ZWJ", "Format",
    "Regional_Indicator", "Katakana", "Hebrew_Letter", "ALetter",
    "Single_Quote", "Double_Quote", "MidNumLet", "MidLetter", "MidNum",
    "Numeric", "ExtendNumLet", "WSegSpace",
]

FLAGS = [
    ("EXTPICT", "Extended_Pictographic"),
    ("GRAM", "of a script written without spaces"),
    ("LETTER", "makes a segment a word"),
    ("NUMBER", "a digit or another sign for a number"),
    ("LOWER", "general category Ll"),
    ("JAMO_TAIL", "conjoining Hangul vowel or final consonant"),
    ("MARK", "a mark that pc_fold_marks drops"),
    ("JOINS", "no cut for normalisation before it"),
    ("COMPOSES", "second half of a canonical composition"),
]
FLAG = {name: 1 << (5 + i) for i, (name, _) in enumerate(FLAGS)}

# Scripts whose runs become bigrams, besides those of line break class SA
# (Thai, Lao, Khmer, Myanmar and their neighbours) and all ideographs.
GRAM_SCRIPTS = {"Han", "Hiragana", "Katakana", "Hangul", "Bopomofo"}

# Scripts whose non-spacing marks say how to speak, not which word it is.
# Marks of all other scripts (Indic vowel signs, Thai tones, ...) stay.
MARK_SCRIPTS = {
    "Inherited", "Latin", "Greek", "Cyrillic", "Hebrew", "Arabic", "Syriac",
    "Coptic", "Armenian", "Georgian", "Gothic", "Glagolitic",
}
KANA_VOICING = {0x3099, 0x309A}
TATWEEL = 0x0640  # stretches an Arabic word, no letter of it

# Latin letters that no decomposition takes apart and no name explains.
LETTER_FOLDS = {
    0x00E6: "ae", 0x0153: "oe", 0x00F0: "d", 0x00FE: "th", 0x0131: "i",
    0x0237: "j", 0x014B: "n", 0x0133: "ij",
}

S_BASE, L_BASE, V_BASE, T_BASE = 0xAC00, 0x1100, 0x1161, 0x11A7
L_COUNT, V_COUNT, T_COUNT = 19, 21, 28
S_COUNT = L_COUNT * V_COUNT * T_COUNT


class Data:
    """The files of the database, read once, each into its natural shape."""

    def __init__(self, root):
        self.root = root
        self.version = self.find_version()
        self.names, self.category, self.ccc, self.raw = {}, {}, {}, {}
        self.read_unicode_data()
        self.word_break = self.ranges("auxiliary/WordBreakProperty.txt")
        self.script = self.ranges("Scripts.txt")
        self.line_break = self.ranges("LineBreak.txt")
        self.hangul_type = self.ranges("HangulSyllableType.txt")
        self.extpict = self.one("emoji/emoji-data.txt",
                                "Extended_Pictographic")
        self.alphabetic = self.one("DerivedCoreProperties.txt", "Alphabetic")
        self.ideographic = self.one("PropList.txt", "Ideographic")
        self.excluded = self.one("DerivedNormalizationProps.txt",
                                 "Full_Composition_Exclusion")
        self.casefold = self.read_casefold()

    def lines(self, name):
        with open(os.path.join(self.root, name), encoding="utf-8") as f:
            for line in f:
                line = line.split("#", 1)[0].strip()
                if line:
                    yield [field.strip() for field in line.split(";")]

    def find_version(self):
        path = os.path.join(self.root, "DerivedNormalizationProps.txt")
        with open(path, encoding="utf-8") as f:
            return re.search(r"-(\d+\.\d+\.\d+)\.txt", f.readline()).group(1)

    @staticmethod
    def span(text):
        first, _, last = text.partition("..")
        return range(int(first, 16), int(last or first, 16) + 1)

    def ranges(self, name):
        found = {}
        for fields in self.lines(name):
            for cp in self.span(fields[0]):
                found[cp] = fields[1]
        return found

    def one(self, name, prop):
        found = set()
        for fields in self.lines(name):
            if fields[1] == prop:
                found.update(self.span(fields[0]))
        return found

    def read_unicode_data(self):
        first = None
        for f in self.lines("UnicodeData.txt"):
            cp = int(f[0], 16)
            if f[1].endswith(", First>"):
                first = cp
                continue
            for c in range(first if first is not None else cp, cp + 1):
                self.names[c] = f[1]
                self.category[c] = f[2]
                if f[3] != "0":
                    self.ccc[c] = int(f[3])
            first = None
            if f[5]:
                compat = f[5].startswith("<")
                seq = f[5].split("> ", 1)[1] if compat else f[5]
                self.raw[cp] = (compat, [int(x, 16) for x in seq.split()])

    def read_casefold(self):
        found = {}
        for f in self.lines("DerivedNormalizationProps.txt"):
            if f[1] == "NFKC_CF":
                seq = [int(x, 16) for x in f[2].split()]
                for cp in self.span(f[0]):
                    found[cp] = seq
        return found


def hangul(cp):
    """The conjoining jamo of a Hangul syllable, or None."""
    s = cp - S_BASE
    if not 0 <= s < S_COUNT:
        return None
    seq = [L_BASE + s // (V_COUNT * T_COUNT),
           V_BASE + s % (V_COUNT * T_COUNT) // T_COUNT]
    if s % T_COUNT:
        seq.append(T_BASE + s % T_COUNT)
    return seq


class Norm:
    """Full decompositions, folds and compositions, computed from Data."""

    def __init__(self, data):
        self.data = data
        self.canon = {c: self.expand(c, False) for c in data.raw}
        self.canon = {c: s for c, s in self.canon.items() if s != [c]}
        self.compat = {c: self.expand(c, True) for c in data.raw}
        self.fold = {c: self.order([x for m in seq
                                    for x in self.expand(m, True)])
                     for c, seq in data.casefold.items()}
        self.pairs = {}
        for c, (compat, seq) in data.raw.items():
            if not compat and len(seq) == 2 and c not in data.excluded:
                self.pairs[(seq[0], seq[1])] = c
        self.second = {b for _, b in self.pairs}

    def expand(self, cp, compat):
        if hangul(cp):
            return hangul(cp)
        is_compat, seq = self.data.raw.get(cp, (False, None))
        if seq is None or (is_compat and not compat):
            return [cp]
        return self.order([x for c in seq for x in self.expand(c, compat)])

    def order(self, seq):
        """Canonical ordering of combining marks."""
        out, marks = [], []
        for c in seq + [None]:
            if c is not None and self.data.ccc.get(c, 0):
                marks.append(c)
                continue
            out += sorted(marks, key=lambda m: self.data.ccc[m])
            marks = []
            if c is not None:
                out.append(c)
        return out

    def composes_back(self, cp):
        return (cp in self.second or V_BASE <= cp < V_BASE + V_COUNT or
                T_BASE < cp < T_BASE + T_COUNT)

    def joins(self, cp):
        """True unless text can be cut before cp in every normalisation."""
        canon = self.expand(cp, False)
        folded = [x for c in canon for x in self.fold.get(c, [c])]
        if not folded or any(not self.fold.get(c, [c]) for c in canon):
            return True
        heads = [cp, canon[0], self.expand(cp, True)[0], folded[0]]
        return any(self.data.ccc.get(h, 0) or self.composes_back(h)
                   for h in heads)


def class_of(data, norm, cp):
    wb = data.word_break.get(cp, "Other")
    cat = data.category.get(cp, "Cn")
    script = data.script.get(cp, "Unknown")
    v = WORD_BREAK.index(wb)
    letter = cat[0] == "L" or (wb == "ALetter" and cp in data.alphabetic)
    if cp in data.extpict:
        v |= FLAG["EXTPICT"]
    if wb == "Extend" or wb == "Format":
        letter = False
    if letter:
        v |= FLAG["LETTER"]
    if cat[0] == "N":
        v |= FLAG["NUMBER"]
    if wb != "Numeric" and (letter or cat[0] == "N") and (
            cp in data.ideographic or script in GRAM_SCRIPTS or
            wb == "Katakana" or data.line_break.get(cp) == "SA"):
        v |= FLAG["GRAM"]
    if cat == "Ll":
        v |= FLAG["LOWER"]
    if data.hangul_type.get(cp) in ("V", "T"):
        v |= FLAG["JAMO_TAIL"]
    if cp == TATWEEL or (cat in ("Mn", "Me") and script in MARK_SCRIPTS and
                         cp not in KANA_VOICING):
        v |= FLAG["MARK"]
    # What stands behind a mark that is dropped may compose with what is before.
    if norm.joins(cp) or v & FLAG["MARK"]:
        v |= FLAG["JOINS"]
    if cp in norm.second:
        v |= FLAG["COMPOSES"]
    return v


def letter_folds(data, norm):
    """Latin small letters with a stroke, hook, ... to their plain letter."""
    folds = dict(LETTER_FOLDS)
    for cp, name in data.names.items():
        m = re.match(r"LATIN SMALL LETTER ([A-Z]) WITH ", name)
        if m and cp not in norm.canon and cp not in norm.fold:
            folds.setdefault(cp, m.group(1).lower())
    return folds


class Pool:
    """Sequences of code points as UTF-16 behind a length; index 0: none."""

    def __init__(self):
        self.units, self.index = [0], {}

    def add(self, seq):
        key = tuple(seq)
        if key not in self.index:
            units = []
            for c in seq:
                if c >= 0x10000:
                    c -= 0x10000
                    units += [0xD800 + (c >> 10), 0xDC00 + (c & 0x3FF)]
                else:
                    units.append(c)
            self.index[key] = len(self.units)
            self.units += [len(units)] + units
        return self.index[key]


class Trie:
    """values[cp] in two stages; the block size is chosen by total size."""

    def __init__(self, name, values, item):
        self.name, self.item = name, item
        self.best = None
        last = max(i for i, v in enumerate(values) if v != values[LIMIT - 1])
        for shift in (4, 5, 6, 7, 8):
            cand = self.cut(values, shift, (last >> shift) + 1)
            if self.best is None or cand[0] < self.best[0]:
                self.best = cand
        self.bytes = self.best[0]

    def cut(self, values, shift, blocks):
        size = 1 << shift
        stage1, stage2, seen = [], [], {}
        # One block more than used: every larger code point is sent to it.
        for b in range(blocks + 1):
            block = tuple(values[b << shift:(b << shift) + size])
            if b == blocks:
                block = (values[LIMIT - 1],) * size
            if block not in seen:
                seen[block] = len(stage2) >> shift
                stage2 += block
            stage1.append(seen[block])
        wide = 1 if max(stage1) < 256 else 2
        total = len(stage1) * wide + len(stage2) * self.item
        return total, shift, blocks, stage1, stage2, wide

    def header(self):
        _, shift, blocks, stage1, stage2, wide = self.best
        t1 = "uint8_t" if wide == 1 else "uint16_t"
        t2 = "uint8_t" if self.item == 1 else "uint16_t"
        n = self.name
        return f"""extern const {t1} pc_ucd_{n}_stage1[{len(stage1)}];
extern const {t2} pc_ucd_{n}_stage2[{len(stage2)}];

static inline {t2} pc_ucd_{n}(uint32_t cp)
{{
    uint32_t block = cp >> {shift};
    if (block > {blocks}u)
        block = {blocks}u;
    return pc_ucd_{n}_stage2[((uint32_t)pc_ucd_{n}_stage1[block] << {shift}) |
                             (cp & {(1 << shift) - 1}u)];
}}
"""

    def source(self):
        _, _, _, stage1, stage2, wide = self.best
        t1 = "uint8_t" if wide == 1 else "uint16_t"
        t2 = "uint8_t" if self.item == 1 else "uint16_t"
        return (array(t1, f"pc_ucd_{self.name}_stage1", stage1) +
                array(t2, f"pc_ucd_{self.name}_stage2", stage2))


def array(ctype, name, values):
    lines, line = [], "   "
    for v in values:
        item = f" {v},"
        if len(line) + len(item) > 80:
            lines.append(line)
            line = "   "
        line += item
    lines.append(line)
    return (f"const {ctype} {name}[{len(values)}] = {{\n" +
            "\n".join(lines) + "\n};\n\n")


def structs(ctype, name, rows):
    body = "\n".join("    {" + ", ".join(row) + "}," for row in rows)
    return f"const {ctype} {name}[{len(rows)}] = {{\n{body}\n}};\n\n"


def banner(data):
    return ("generated by common/text/gen/gen_ucd.py from the Unicode "
            f"Character\n * Database {data.version}, do not edit.")


def make_header(data, tries, pool, pairs, folds):
    out = f"""/*
 * {banner(data)}
 *
 * Properties of code points in two-stage tables. Every lookup accepts any
 * 32-bit number; those above U+10FFFF are as unassigned code points.
 */
#ifndef PARASOL_COMMON_TEXT_UCD_TABLES_H
#define PARASOL_COMMON_TEXT_UCD_TABLES_H

#include <stdint.h>

#define PC_UCD_VERSION "{data.version}"

/* The Word_Break classes, in the low bits of pc_ucd_class(). */
enum pc_word_break {{
"""
    for i, name in enumerate(WORD_BREAK):
        out += f"    PC_WB_{name.upper()} = {i},\n"
    out = out[:-2] + "\n};\n\n#define PC_WB_MASK 31u\n\n"
    out += "/* Flags of pc_ucd_class(). */\n"
    for name, text in FLAGS:
        define = f"#define PC_UCD_{name} {FLAG[name]}u"
        out += f"{define:<32} /* {text} */\n"
    out += "\n/* Word_Break class and flags. */\n" + tries[0].header()
    out += "\n/* Canonical combining class. */\n" + tries[1].header()
    out += ("\n/* Index in pc_ucd_pool of the full canonical decomposition, "
            "or 0. Hangul\n   syllables are left to arithmetic. */\n" +
            tries[2].header())
    out += ("\n/* The same for the full compatibility decomposition, where "
            "it exists. */\n" + tries[3].header())
    out += ("\n/* The same for NFKC_Casefold, decomposed; 0: the code point "
            "itself. */\n" + tries[4].header())
    out += f"""
/* Sequences: a count of UTF-16 units, then the units. */
extern const uint16_t pc_ucd_pool[{len(pool.units)}];

/* Canonical compositions sorted by (first, second). */
#define PC_UCD_PAIR_COUNT {len(pairs)}u
typedef struct pc_ucd_pair {{
    uint32_t first;
    uint32_t second;
    uint32_t composed;
}} pc_ucd_pair;
extern const pc_ucd_pair pc_ucd_pairs[PC_UCD_PAIR_COUNT];

/* Letters with a plain ASCII equivalent, sorted by code point. */
#define PC_UCD_LETTER_COUNT {len(folds)}u
typedef struct pc_ucd_letter {{
    uint32_t cp;
    char ascii[4]; /* zero-terminated */
}} pc_ucd_letter;
extern const pc_ucd_letter pc_ucd_letters[PC_UCD_LETTER_COUNT];

#endif
"""
    return out


def make_source(data, tries, pool, pairs, folds):
    out = f"/*\n * {banner(data)}\n */\n"
    out += '#include "common/text/ucd_tables.h"\n\n'
    for t in tries:
        out += t.source()
    out += array("uint16_t", "pc_ucd_pool", pool.units)
    out += structs("pc_ucd_pair", "pc_ucd_pairs",
                   [(hex(a), hex(b), hex(c)) for a, b, c in pairs])
    out += structs("pc_ucd_letter", "pc_ucd_letters",
                   [(hex(c), f'"{s}"') for c, s in folds])
    return out.rstrip("\n") + "\n"


def build(root):
    data = Data(root)
    norm = Norm(data)
    pool = Pool()

    def indexes(table):
        values = [0] * LIMIT
        for cp in sorted(table):
            values[cp] = pool.add(table[cp])
        return values

    canon = indexes(norm.canon)
    compat = indexes(norm.compat)
    # Folding looks at decomposed text, so composites need no entry.
    fold = indexes({c: s for c, s in norm.fold.items()
                    if c not in norm.canon})
    if len(pool.units) >= 65536:
        sys.exit("gen_ucd.py: the pool needs more than 16 bits")
    tries = [
        Trie("class", [class_of(data, norm, c) for c in range(LIMIT)], 2),
        Trie("ccc", [data.ccc.get(c, 0) for c in range(LIMIT)], 1),
        Trie("canon", canon, 2),
        Trie("compat", compat, 2),
        Trie("fold", fold, 2),
    ]
    pairs = sorted((a, b, c) for (a, b), c in norm.pairs.items())
    folds = sorted(letter_folds(data, norm).items())
    size = sum(t.bytes for t in tries) + 2 * len(pool.units) + \
        12 * len(pairs) + 8 * len(folds)
    parts = (data, tries, pool, pairs, folds)
    return make_header(*parts), make_source(*parts), size


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("--data", default="/usr/share/unicode")
    ap.add_argument("--out", default=os.path.dirname(here))
    args = ap.parse_args()
    header, source, size = build(args.data)
    for name, text in (("ucd_tables.h", header), ("ucd_tables.c", source)):
        with open(os.path.join(args.out, name), "w", encoding="utf-8") as f:
            f.write(text)
    print(f"ucd_tables: {size} bytes of tables")


if __name__ == "__main__":
    main()
