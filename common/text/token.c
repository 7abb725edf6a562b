/*
 * The tokenizer. Words of ASCII, which most text is made of, are found in bit
 * maps of 64 bytes of text, without a branch for each byte, and a table of
 * 256 classes tells what the byte behind a word may do. As soon as a byte
 * above ASCII may have a say, the segment is handed to pc_word_segment_next,
 * which knows all the rules. The two must agree (tests compare them on random
 * text).
 */
#include "common/text/token.h"

#include <string.h>

#include "common/base/ints.h"
#include "common/base/swar.h"
#include "common/text/ucd_tables.h"
#include "common/text/utf8.h"
#include "common/text/word_break.h"

/* Classes of bytes. A mark that may stand inside a word (or number) has the
   class of what it joins, moved up by MID_SHIFT. */
enum {
    LETTER = 1,
    DIGIT = 2,
    UNDERSCORE = 4,
    MID_LETTER = 8,
    MID_DIGIT = 16,
    HYPHEN = 32,
    HIGH = 128,
    MID_SHIFT = 3,
    WORD = LETTER | DIGIT | UNDERSCORE,
    MID = MID_LETTER | MID_DIGIT
};

/* clang-format off */
#define L LETTER
#define D DIGIT
#define H HIGH
#define X16(v) v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v

static const uint8_t classes[256] = {
    X16(0),
    X16(0),
    /* space to slash: ' , - . */
    0, 0, 0, 0, 0, 0, 0, MID, 0, 0, 0, 0, MID_DIGIT, HYPHEN, MID, 0,
    /* 0 to 9, : ; */
    D, D, D, D, D, D, D, D, D, D, MID_LETTER, MID_DIGIT, 0, 0, 0, 0,
    0, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, UNDERSCORE,
    0, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, 0,
    X16(H), X16(H), X16(H), X16(H), X16(H), X16(H), X16(H), X16(H),
};

#undef L
#undef D
#undef H
#undef X16
/* clang-format on */

void pc_tokenizer_init(pc_tokenizer *t, const char *text, size_t len)
{
    if (len > PC_TOKENIZER_MAX)
        len = PC_TOKENIZER_MAX;
    *t =
        (pc_tokenizer){.text = text, .len = (uint32_t)len, .block = UINT32_MAX};
}

/* ---- bit maps ---------------------------------------------------------- */

static void load_block(pc_tokenizer *t, uint32_t block)
{
    const uint8_t *p = (const uint8_t *)t->text + ((size_t)block << 6);
    uint8_t tail[64] = {0};
    size_t left = t->len - ((size_t)block << 6);
    if (left < sizeof tail) {
        memcpy(tail, p, left);
        p = tail;
    }
    uint64_t words = 0;
    uint64_t highs = 0;
    for (unsigned i = 0; i < 64; i += 8) {
        uint64_t v = pc_load64le(p + i);
        uint64_t low = v & PC_EACH_BYTE(0x7F);
        uint64_t word = pc_swar_in_range(low | PC_EACH_BYTE(0x20), 'a', 'z') |
                        pc_swar_in_range(low, '0', '9') |
                        pc_swar_in_range(low, '_', '_');
        words |= pc_swar_top_bits(word & ~v) << i;
        highs |= pc_swar_top_bits(v) << i;
    }
    t->block = block;
    t->words = words;
    t->heads = words | highs;
}

/* The first byte from i on that may begin a token; len when there is none. */
static inline uint32_t next_head(pc_tokenizer *t, uint32_t i)
{
    while (i < t->len) {
        uint32_t block = i >> 6;
        if (block != t->block)
            load_block(t, block);
        uint64_t rest = t->heads >> (i & 63);
        if (rest)
            return i + pc_ctz64(rest);
        i = (block + 1) << 6;
    }
    return t->len;
}

/* The end of the word bytes that begin at i, which is below len. */
static inline uint32_t word_end(pc_tokenizer *t, uint32_t i)
{
    for (;;) {
        uint32_t block = i >> 6;
        if (block != t->block)
            load_block(t, block);
        /* Bits behind the text are 0 and end the word; those shifted in
           belong to the next block. */
        uint64_t rest = ~t->words >> (i & 63);
        if (rest)
            return i + pc_ctz64(rest);
        i = (block + 1) << 6;
        if (i >= t->len)
            return t->len;
    }
}

static bool emit(pc_tokenizer *t, pc_token *tok, uint32_t start, uint32_t end,
                 enum pc_token_kind kind, bool ascii)
{
    tok->start = start;
    tok->end = end;
    tok->pos = t->pos++;
    tok->kind = (uint8_t)kind;
    tok->ascii = ascii;
    tok->inner = !ascii;
    return true;
}

/* ---- runs of bigrams --------------------------------------------------- */

static uint16_t class_at(const pc_tokenizer *t, uint32_t at, uint32_t *end)
{
    const char *p = t->text + at;
    uint16_t flags = pc_ucd_class(pc_utf8_next(&p, t->text + t->len));
    *end = (uint32_t)(p - t->text);
    return flags;
}

/* The end of the character at `at`: a code point and what rule WB4 of UAX #29
   attaches to it; vowel and final jamo stay with their syllable. *more tells
   whether another character of the run follows. */
static uint32_t gram_end(const pc_tokenizer *t, uint32_t at, bool *more)
{
    uint32_t end;
    (void)class_at(t, at, &end);
    *more = false;
    while (end < t->len) {
        uint32_t next;
        uint16_t flags = class_at(t, end, &next);
        unsigned wb = flags & PC_WB_MASK;
        if (wb != PC_WB_EXTEND && wb != PC_WB_FORMAT && wb != PC_WB_ZWJ &&
            !(flags & PC_UCD_JAMO_TAIL)) {
            *more = (flags & PC_UCD_GRAM) != 0;
            break;
        }
        end = next;
    }
    return end;
}

static bool next_bigram(pc_tokenizer *t, pc_token *tok)
{
    uint32_t start = t->gram;
    uint32_t end = gram_end(t, t->at, &t->in_run);
    t->gram = t->at;
    t->at = end;
    return emit(t, tok, start, end, PC_TOKEN_GRAM, false);
}

static bool first_gram(pc_tokenizer *t, pc_token *tok, uint32_t start)
{
    bool more;
    t->gram = start;
    t->at = gram_end(t, start, &more);
    if (more)
        return next_bigram(t, tok);
    return emit(t, tok, start, t->at, PC_TOKEN_GRAM, false);
}

/* ---- words ------------------------------------------------------------- */

/* A figure above the line, as of a footnote: ¹ ² ³ ⁰ ⁴ to ⁹. */
static bool is_raised(uint32_t cp)
{
    return cp == 0xB9 || cp == 0xB2 || cp == 0xB3 || cp == 0x2070 ||
           (cp >= 0x2074 && cp <= 0x2079);
}

/* Is the raised figure at `start` a mark behind a word or a sentence, which is
   no word of its own? t->at is then behind all such. */
static bool is_note(pc_tokenizer *t, uint32_t start)
{
    const char *p = t->text + start, *end = t->text + t->len;
    uint8_t before = start ? (uint8_t)p[-1] : ' ';
    if (!is_raised(pc_utf8_next(&p, end)) ||
        !((classes[before] & LETTER) || before >= 0x80 ||
          (before && strchr(".,;:!?)]'\"", before))))
        return false;
    for (;;) {
        t->at = (uint32_t)(p - t->text);
        if (p == end || !is_raised(pc_utf8_next(&p, end)))
            return true;
    }
}

/* № is a word by itself, which folding makes "no". */
static bool is_number_sign(const pc_tokenizer *t, uint32_t start, uint32_t end)
{
    return end - start == 3 && memcmp(t->text + start, "\u2116", 3) == 0;
}

/* A token that begins at `start`, by the full rules. False when there is
   none; t->at is then behind what was looked at. */
static PC_NOINLINE bool wide_token(pc_tokenizer *t, pc_token *tok,
                                   uint32_t start)
{
    uint32_t behind;
    uint16_t flags = class_at(t, start, &behind);
    if (flags & PC_UCD_GRAM)
        return first_gram(t, tok, start);
    /* Only these begin a word. Others before it are passed over, as are the
       marks that cling to them. */
    t->at = behind;
    unsigned wb = flags & PC_WB_MASK;
    if (!(flags & (PC_UCD_LETTER | PC_UCD_NUMBER)) && wb != PC_WB_ALETTER &&
        wb != PC_WB_NUMERIC && wb != PC_WB_EXTENDNUMLET)
        return is_number_sign(t, start, behind) &&
               emit(t, tok, start, behind, PC_TOKEN_WORD, false);
    if (wb == PC_WB_OTHER && is_note(t, start))
        return false;
    pc_word_segment s = pc_word_segment_next(t->text, t->len, start);
    t->at = (uint32_t)s.end;
    if (!(s.flags & (PC_UCD_LETTER | PC_UCD_NUMBER)))
        return false;
    return emit(t, tok, start, t->at,
                s.flags & PC_UCD_LETTER ? PC_TOKEN_WORD : PC_TOKEN_NUMBER,
                s.ascii);
}

/* What the byte at `at`, of class `c` and no word byte itself, does to the
   ASCII word before it: 0 ends it, HIGH asks for the full rules, else the
   word goes on at *at. */
static unsigned at_word_end(const pc_tokenizer *t, uint32_t *at, unsigned c)
{
    const uint8_t *text = (const uint8_t *)t->text;
    unsigned before = classes[text[*at - 1]];
    if (c & HYPHEN) {
        uint32_t i = *at;
        if (before & LETTER)
            i = (uint32_t)pc_word_hyphen_join(t->text, t->len, i);
        if (i == *at)
            return 0;
        *at = i;
        return classes[text[i]];
    }
    before &= c >> MID_SHIFT;
    if (!before || *at + 1 >= t->len)
        return 0;
    unsigned behind = classes[text[*at + 1]];
    *at += 1;
    return behind & (before | HIGH);
}

/* LETTER if there is one from `at` on, else DIGIT, else 0. */
static unsigned best_class(const pc_tokenizer *t, uint32_t at, uint32_t end)
{
    unsigned seen = 0;
    for (; at < end && !(seen & LETTER); at++)
        seen |= classes[(uint8_t)t->text[at]];
    return seen & LETTER ? LETTER : seen & DIGIT;
}

bool pc_tokenizer_next(pc_tokenizer *t, pc_token *tok)
{
    if (t->in_run)
        return next_bigram(t, tok);
    const uint8_t *text = (const uint8_t *)t->text;
    const uint32_t len = t->len;
    uint32_t start;
    while ((start = next_head(t, t->at)) < len) {
        uint32_t i = start;
        unsigned first = classes[text[start]];
        unsigned c = first;
        bool inner = false;
        while (c & WORD) {
            uint32_t end = word_end(t, i);
            i = end;
            c = i < len ? classes[text[i]] : 0;
            if (PC_UNLIKELY(c & (MID | HYPHEN))) {
                inner = true;
                c = at_word_end(t, &i, c);
            }
            if (!c) {
                i = end;
                break;
            }
        }
        t->at = i;
        if (c & HIGH) {
            if (wide_token(t, tok, start))
                return true;
            continue;
        }
        unsigned kind = first & LETTER ? LETTER : best_class(t, start, i);
        if (kind) {
            emit(t, tok, start, i,
                 kind == LETTER ? PC_TOKEN_WORD : PC_TOKEN_NUMBER, true);
            tok->inner = inner;
            return true;
        }
    }
    t->at = len;
    return false;
}
