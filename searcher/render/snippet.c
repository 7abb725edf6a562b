/*
 * The passage that shows best why a text matched: scan for matches, choose a
 * window, fold it.
 */
#include "searcher/render/snippet.h"

#include "common/text/utf8.h"
#include "common/text/word_break.h"
#include "searcher/query/utf.h"
#include "searcher/render/match.h"

/* Where the chosen matches lie in the text. */
typedef struct core {
    size_t start;
    size_t end;
} core;

/* Weights of a window: a leaf counts 1 and its share of the heaviest; what
   is repeated or late counts less than that. */
#define REPEAT_WEIGHT 0.05
#define EARLY_WEIGHT 0.3

static float heaviest(const ps_highlighter *h)
{
    float most = 0.0F;
    for (size_t i = 0; i < h->n; i++)
        if (h->leaves[i].weight > most)
            most = h->leaves[i].weight;
    return most;
}

static double value_of(const ps_highlighter *h, uint32_t leaf, float most)
{
    double w = (double)h->leaves[leaf].weight;
    return most > 0.0F ? 1.0 + w / (double)most : 1.0;
}

/*
 * The best run of matches not longer than `limit` bytes. `counts` has a zero
 * for each leaf. Two fingers over the matches, which are ordered by start.
 */
static core choose(const ps_highlighter *h, const ps_match *m, size_t n,
                   size_t limit, size_t scanned, uint32_t *counts)
{
    core best = {m[0].start, m[0].end};
    double best_score = -1.0;
    double distinct = 0.0;
    size_t to = 0; /* matches from..to-1 are in the window */
    float most = heaviest(h);
    for (size_t from = 0; from < n; from++) {
        while (to < n && (to == from || m[to].end - m[from].start <= limit)) {
            if (counts[m[to].leaf]++ == 0)
                distinct += value_of(h, m[to].leaf, most);
            to++;
        }
        double repeats = to - from > 8 ? 8.0 : (double)(to - from);
        double early = 1.0 - (double)m[from].start / (double)(scanned + 1);
        double score =
            distinct + REPEAT_WEIGHT * repeats + EARLY_WEIGHT * early;
        if (score > best_score + 1e-9) {
            best_score = score;
            best = (core){m[from].start, m[from].end};
            for (size_t i = from; i < to; i++)
                if (m[i].end > best.end)
                    best.end = m[i].end;
        }
        if (--counts[m[from].leaf] == 0)
            distinct -= value_of(h, m[from].leaf, most);
    }
    return best;
}

/* Whether a sentence may begin at `i`: at the start, behind a blank line, or
   behind a full stop of some script. */
static bool is_sentence_start(pc_str text, size_t i)
{
    size_t at = i;
    size_t lines = 0;
    /* White space is skipped byte by byte: what is longer than one byte does
       not come before sentences. */
    while (at > 0 && (uint8_t)text.ptr[at - 1] <= 0x20) {
        at--;
        lines += text.ptr[at] == '\n';
    }
    if (at == 0 || lines > 1)
        return true;
    char c = text.ptr[at - 1];
    if (at < i && (c == '.' || c == '!' || c == '?')) {
        /* "U.S. Army", "p. 3": a stop after a single letter ends nothing. */
        bool initial = at > 1 && c == '.' &&
                       (at < 3 || text.ptr[at - 3] == '.' ||
                        (uint8_t)text.ptr[at - 3] <= 0x20);
        return !initial;
    }
    if (at < 3)
        return false;
    pc_str last = {text.ptr + at - 3, 3};
    return pc_str_eq(last, PC_STR_LIT("\xE3\x80\x82")) ||
           pc_str_eq(last, PC_STR_LIT("\xEF\xBC\x81")) ||
           pc_str_eq(last, PC_STR_LIT("\xEF\xBC\x9F"));
}

static bool is_char_start(pc_str text, size_t i)
{
    return i >= text.len || ((uint8_t)text.ptr[i] & 0xC0) != 0x80;
}

/* The nearest start of a sentence at or before `from`, not before `least`;
   `from` + 1 if there is none. */
static size_t sentence_before(pc_str text, size_t from, size_t least)
{
    for (size_t i = from + 1; i-- > least;)
        if (is_char_start(text, i) && !ps_utf_space(text, i) &&
            is_sentence_start(text, i))
            return i;
    return from + 1;
}

/* The first start of a word after `least`, but no later than `from`. */
static size_t word_after(pc_str text, size_t least, size_t from)
{
    size_t i = least;
    while (i < from && !ps_utf_space(text, i))
        i++;
    for (size_t n; i < from && (n = ps_utf_space(text, i)) != 0;)
        i += n;
    if (i < from)
        return i;
    /* No spaces: any character will do. */
    for (i = least; !is_char_start(text, i);)
        i++;
    return i < from ? i : from;
}

/* The first start of a sentence from `from` to `most`, or most + 1. */
static size_t sentence_after(pc_str text, size_t from, size_t most)
{
    size_t i = from;
    while (i <= most && (!is_char_start(text, i) || ps_utf_space(text, i) ||
                         !is_sentence_start(text, i)))
        i++;
    return i;
}

/* Where the window around `c` begins. */
static size_t choose_start(pc_str text, core c, size_t max)
{
    size_t len = c.end - c.start;
    size_t room = len < max ? max - len : 0;
    size_t least = c.start > room / 2 ? c.start - room / 2 : 0;
    if (text.len <= max)
        return 0;
    /* If little follows, show more of what is before. */
    size_t tail = text.len - max;
    if (tail <= c.start && text.len - c.start < max / 2) {
        size_t i = sentence_after(text, tail, c.start);
        return i <= c.start ? i : word_after(text, tail, c.start);
    }
    size_t i = sentence_before(text, c.start, least);
    if (i <= c.start)
        return i;
    least = c.start > room / 3 ? c.start - room / 3 : 0;
    return least == 0 ? 0 : word_after(text, least, c.start);
}

/* The folding of text from `at` on. */
typedef struct fold {
    pc_str text;
    size_t at; /* next byte of the text */
    char *out; /* max bytes and a zero; NULL: only count */
    size_t max;
    size_t n;     /* bytes written */
    size_t cut;   /* n at the last end of a word, and */
    bool full;    /* something did not fit */
    bool in_word; /* the last character written may belong to a word */
} fold;

/* Passes over what divides a word at the end of a line, and soft hyphens. */
static void skip_division(fold *f)
{
    size_t len = f->text.len;
    if (f->in_word && f->at < len)
        f->at = pc_word_hyphen_join(f->text.ptr, len, f->at);
    while (len - f->at > 1 && memcmp(f->text.ptr + f->at, "\xC2\xAD", 2) == 0)
        f->at += 2;
}

static bool may_be_in_word(uint32_t cp)
{
    return cp >= 0x80 || (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z');
}

/* Writes the next character, or one space for white space before it. False
   at the end or when it does not fit. */
static bool fold_next(fold *f)
{
    char utf8[PC_UTF8_MAX];
    bool space = false;
    skip_division(f);
    for (size_t n; (n = ps_utf_space(f->text, f->at)) != 0; f->at += n)
        space = true;
    if (space)
        f->cut = f->n;
    if (f->at >= f->text.len)
        return false;
    const char *next = f->text.ptr + f->at;
    uint32_t cp = pc_utf8_next(&next, f->text.ptr + f->text.len);
    size_t len = pc_utf8_encode(cp, utf8);
    space = space && f->n > 0;
    if (f->n + len + space > f->max) {
        f->full = true;
        return false;
    }
    if (space && f->out)
        f->out[f->n] = ' ';
    f->n += space;
    if (f->out)
        memcpy(f->out + f->n, utf8, len);
    f->n += len;
    f->at = (size_t)(next - f->text.ptr);
    f->in_word = may_be_in_word(cp);
    return true;
}

/* Bytes to keep: up to the last end of a word, unless words are so long that
   this would lose much. */
static size_t kept(const fold *f)
{
    if (!f->full || f->cut < f->max / 2)
        return f->n;
    return f->cut;
}

static void skip_space(fold *f)
{
    for (size_t n; (n = ps_utf_space(f->text, f->at)) != 0;)
        f->at += n;
}

/* Joins matches from `start` on that overlap; the spans are of the text. */
static size_t join(const ps_match *m, size_t n, size_t start,
                   parasol_span *spans)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (m[i].start < start)
            continue;
        if (count > 0 && m[i].start < spans[count - 1].end) {
            if (m[i].end > spans[count - 1].end)
                spans[count - 1].end = m[i].end;
            continue;
        }
        spans[count++] = (parasol_span){m[i].start, m[i].end};
    }
    return count;
}

/*
 * Folds into f->out and turns `spans` of the text into spans of the output.
 * Returns their new number.
 */
static size_t fold_spans(fold *f, parasol_span *spans, size_t n)
{
    size_t begun = 0;
    size_t ended = 0;
    size_t before = f->n;
    bool more = true;
    while (more) {
        size_t at = f->at;
        more = fold_next(f);
        if (ended < begun && at >= spans[ended].end)
            spans[ended++].end = before;
        /* f->at is behind the character that was written, if any. */
        if (more && begun < n && f->at > spans[begun].start) {
            size_t one = f->n - 1;
            while (((uint8_t)f->out[one] & 0xC0) == 0x80)
                one--;
            spans[begun++].start = one;
        }
        before = f->n;
    }
    if (ended < begun)
        spans[ended++].end = f->n;
    f->n = kept(f);
    while (ended > 0 && spans[ended - 1].start >= f->n)
        ended--;
    if (ended > 0 && spans[ended - 1].end > f->n)
        spans[ended - 1].end = f->n;
    return ended;
}

/* Finds the matches and the start of the window. */
static int find_window(const ps_highlighter *h, ps_matcher *m, pc_str text,
                       size_t max, pc_arena *arena, size_t *start)
{
    enum ps_matcher_stop stop;
    size_t n = 0;
    size_t limit = max - max / 5;
    uint32_t within =
        limit > PS_SNIPPET_SCAN ? PS_SNIPPET_SCAN : (uint32_t)limit + 1;
    int rc = ps_matcher_run(m, PS_SNIPPET_SCAN, within, &stop);
    const ps_match *matches = ps_matcher_matches(m, &n);
    *start = 0;
    if (rc || n == 0)
        return rc;
    uint32_t *counts = pc_arena_zalloc(arena, h->n, sizeof *counts);
    if (!counts)
        return PARASOL_NOMEM;
    size_t scanned = text.len < PS_SNIPPET_SCAN ? text.len : PS_SNIPPET_SCAN;
    core best = choose(h, matches, n, limit, scanned, counts);
    *start = choose_start(text, best, max);
    /* The matches of the whole window, as far as it will reach. */
    fold f = {.text = text, .at = *start, .max = max};
    while (fold_next(&f))
        continue;
    size_t until = f.at < PS_SNIPPET_SCAN ? f.at : PS_SNIPPET_SCAN;
    return ps_matcher_run(m, (uint32_t)until, 0, &stop);
}

static bool has_text(pc_str text, size_t from, size_t to)
{
    for (size_t n; from < to && (n = ps_utf_space(text, from)) != 0;)
        from += n;
    return from < to;
}

int ps_snippet_make(const ps_highlighter *h, pc_analyzer *an, pc_str text,
                    size_t max_bytes, pc_arena *arena, ps_snippet *out)
{
    ps_matcher *m = NULL;
    size_t start = 0;
    size_t n = 0;
    *out = (ps_snippet){.text = {"", 0}};
    if (text.len > PC_TOKENIZER_MAX)
        text.len = PC_TOKENIZER_MAX;
    if (max_bytes > text.len * 3)
        max_bytes = text.len * 3;
    if (max_bytes == 0) {
        out->ends_inside = has_text(text, 0, text.len);
        return PARASOL_OK;
    }
    int rc = ps_matcher_new(&m, h, an, text, arena);
    if (!rc)
        rc = find_window(h, m, text, max_bytes, arena, &start);
    if (rc)
        return rc;
    const ps_match *matches = ps_matcher_matches(m, &n);
    parasol_span *spans = pc_arena_alloc(arena, (n + 1) * sizeof *spans);
    char *bytes = pc_arena_alloc(arena, max_bytes + 1);
    if (!spans || !bytes)
        return PARASOL_NOMEM;
    fold f = {.text = text, .at = start, .out = bytes, .max = max_bytes};
    skip_space(&f);
    n = join(matches, n, f.at, spans);
    out->starts_inside = has_text(text, 0, f.at);
    out->span_count = fold_spans(&f, spans, n);
    out->spans = out->span_count ? spans : NULL;
    out->ends_inside = f.full;
    bytes[f.n] = 0;
    out->text = (pc_str){bytes, f.n};
    return PARASOL_OK;
}
