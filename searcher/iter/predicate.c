/*
 * Filters and values.
 */
#include "searcher/iter/predicate.h"

#include "common/text/fold.h"

/* ---- reading values ----------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "-12.5"; nothing may follow. */
static ps_number read_number(pc_str s)
{
    ps_number n = {false, 0};
    size_t digits = 0;
    double unit = 1;
    bool minus = s.len > 0 && s.ptr[0] == '-';
    size_t i = minus;
    for (; i < s.len && is_digit(s.ptr[i]); i++, digits++)
        n.v = n.v * 10 + (s.ptr[i] - '0');
    if (i < s.len && s.ptr[i] == '.') {
        for (i++; i < s.len && is_digit(s.ptr[i]); i++, digits++) {
            unit /= 10;
            n.v += unit * (s.ptr[i] - '0');
        }
    }
    n.is = digits > 0 && i == s.len;
    n.v = minus ? -n.v : n.v;
    return n;
}

/* A date as it is stored, perhaps with a time behind it. */
static bool read_date(pc_str s, ps_period *out)
{
    if (s.len > 10 && (s.ptr[10] == 't' || s.ptr[10] == ' '))
        s.len = 10;
    if (s.len < 4)
        return false;
    for (size_t i = 0; i < 4; i++)
        if (!is_digit(s.ptr[i]))
            return false;
    /* Nothing that begins with a year depends on today. */
    return ps_period_read(s, 20000101, out);
}

static bool is_mark(char c, bool spaces_only)
{
    if (spaces_only)
        return (uint8_t)c <= ' ';
    return (uint8_t)c < 0x80 && !is_alnum(c);
}

/* `s` with runs of white space, or of all marks, as single spaces and none at
   its ends. */
static pc_str squeeze(pc_buf *out, pc_str s, bool spaces_only)
{
    pc_buf_clear(out);
    uint8_t *to = pc_buf_reserve(out, s.len + 1);
    if (!to)
        return PC_STR_LIT("");
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!is_mark(c, spaces_only))
            to[n++] = (uint8_t)c;
        else if (n > 0 && to[n - 1] != ' ')
            to[n++] = ' ';
    }
    if (n > 0 && to[n - 1] == ' ')
        n--;
    out->len = n;
    return pc_buf_str(out);
}

void ps_stored_value_init(ps_stored_value *v, const pc_mem *mem)
{
    pc_buf_init(&v->one, mem);
    pc_buf_init(&v->two, mem);
    pc_buf_init(&v->three, mem);
    v->text = v->words = PC_STR_LIT("");
}

void ps_stored_value_release(ps_stored_value *v)
{
    pc_buf_release(&v->one);
    pc_buf_release(&v->two);
    pc_buf_release(&v->three);
}

/* Lower case of what is ASCII only; false if it is not. */
static bool fold_ascii(pc_buf *out, pc_str raw)
{
    pc_buf_clear(out);
    uint8_t *to = pc_buf_reserve(out, raw.len + 1);
    for (size_t i = 0; to && i < raw.len; i++) {
        uint8_t c = (uint8_t)raw.ptr[i];
        if (c >= 0x80)
            return false;
        to[i] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    }
    out->len = to ? raw.len : 0; /* else the status tells */
    return true;
}

int ps_stored_value_set(ps_stored_value *v, pc_str raw, bool words)
{
    if (!fold_ascii(&v->two, raw)) {
        pc_buf_clear(&v->one);
        pc_buf_clear(&v->two);
        if (pc_fold_case(&v->one, raw) ||
            pc_fold_marks(&v->two, pc_buf_str(&v->one)))
            return PARASOL_NOMEM;
    }
    v->words = PC_STR_LIT("");
    v->text = squeeze(&v->one, pc_buf_str(&v->two), true);
    if (words)
        v->words = squeeze(&v->three, v->text, false);
    if (v->two.status || v->one.status)
        return PARASOL_NOMEM;
    return v->three.status;
}

/* ---- the filter --------------------------------------------------------- */

static int copy(pc_arena *arena, pc_str s, pc_str *out)
{
    *out = (pc_str){pc_arena_copy(arena, s.ptr, s.len), s.len};
    return out->ptr ? PARASOL_OK : PARASOL_NOMEM;
}

/* Of a path, slashes and dots that only say "from here" and "a folder". */
static pc_str trim_path(pc_str s)
{
    while (s.len > 0 && (s.ptr[0] == '/' || pc_str_starts(s, PC_STR_LIT("./"))))
        s = (pc_str){s.ptr + 1, s.len - 1};
    while (s.len > 0 && s.ptr[s.len - 1] == '/')
        s.len--;
    return s;
}

static int want(ps_predicate *p, ps_wanted *w, const ps_value *v, ps_day today,
                ps_stored_value *folded, pc_arena *arena)
{
    w->form = v->form;
    int rc = ps_stored_value_set(folded, v->text, true);
    pc_str text = p->is_path ? trim_path(folded->text) : folded->text;
    if (!rc)
        rc = copy(arena, text, &w->text);
    if (!rc)
        rc = copy(arena, folded->words, &w->words);
    if (rc)
        return rc;
    w->number = read_number(w->text);
    w->is_period = ps_period_read(v->text, today, &w->period);
    return PARASOL_OK;
}

int ps_predicate_init(ps_predicate *p, const ps_filter *f, ps_day today,
                      uint32_t segments, pc_arena *arena)
{
    ps_stored_value folded;
    *p = (ps_predicate){.name = f->name,
                        .is_date = pc_str_eq(f->name, PC_STR_LIT("date")),
                        .is_path = pc_str_eq(f->name, PC_STR_LIT("path")),
                        .op = f->op,
                        .without_low = f->without_low,
                        .without_high = f->without_high,
                        .n = f->n};
    p->values = pc_arena_zalloc(arena, f->n, sizeof *p->values);
    p->answers = pc_arena_zalloc(arena, segments, sizeof *p->answers);
    if (!p->values || !p->answers)
        return PARASOL_NOMEM;
    for (size_t i = 0; i < f->n && f->op == PS_FILTER_SET; i++)
        p->needs_words |= f->values[i].form == PS_VALUE_WORDS && !p->is_path;
    ps_stored_value_init(&folded, arena->mem);
    int rc = PARASOL_OK;
    for (size_t i = 0; i < f->n && !rc; i++)
        rc = want(p, &p->values[i], &f->values[i], today, &folded, arena);
    ps_stored_value_release(&folded);
    return rc;
}

/* ---- asking ------------------------------------------------------------- */

static bool is_inside(char c)
{
    return ((uint8_t)c & 0xC0) == 0x80;
}

/* Whether the character at, or with `back` before, `i` joins with others to
   words: ASCII letters and digits, and the alphabets of two bytes. Scripts
   without spaces have no edges. */
static bool joins(pc_str s, size_t i, bool back)
{
    if (back) {
        if (i == 0)
            return false;
        for (i--; i > 0 && is_inside(s.ptr[i]);)
            i--;
    }
    if (i >= s.len)
        return false;
    uint8_t c = (uint8_t)s.ptr[i];
    return c < 0x80 ? is_alnum(s.ptr[i]) : c < 0xE0;
}

/* Whether no word goes on across `i`. */
static bool is_edge(pc_str s, size_t i)
{
    return !(joins(s, i, true) && joins(s, i, false));
}

/* Whether the words of `part` stand in `s`. */
static bool has_words(pc_str s, pc_str part)
{
    if (part.len == 0)
        return false;
    for (size_t i = 0; i + part.len <= s.len; i++)
        if (s.ptr[i] == part.ptr[0] &&
            memcmp(s.ptr + i, part.ptr, part.len) == 0 && is_edge(s, i) &&
            is_edge(s, i + part.len))
            return true;
    return false;
}

/* Whether the pattern is all of `s` from `i` on; where the text goes on, only
   the last star is tried again. */
static bool glob(pc_str pattern, pc_str s, size_t i)
{
    size_t k = 0, star = SIZE_MAX, retry = 0;
    for (;;) {
        bool escaped = k + 1 < pattern.len && pattern.ptr[k] == '\\';
        char c = k < pattern.len ? pattern.ptr[k + escaped] : 0;
        if (k < pattern.len && !escaped && c == '*') {
            star = ++k;
            retry = i;
            continue;
        }
        if (k == pattern.len && i == s.len)
            return true;
        bool one = k < pattern.len && i < s.len &&
                   ((!escaped && c == '?') || s.ptr[i] == c);
        if (one) {
            bool any = !escaped && c == '?';
            k += 1 + (size_t)escaped;
            for (i++; any && i < s.len && is_inside(s.ptr[i]);)
                i++;
        } else if (star != SIZE_MAX && retry < s.len) {
            k = star;
            i = ++retry;
        } else {
            return false;
        }
    }
}

/* A pattern of words: it begins where a word does, and goes to the end. */
static bool has_glob(pc_str s, pc_str pattern)
{
    for (size_t i = 0; i <= s.len; i++) {
        if ((i == 0 || (is_edge(s, i) && i < s.len)) && glob(pattern, s, i))
            return true;
        if (pattern.len > 0 && pattern.ptr[0] == '*')
            break; /* it has tried every place itself */
    }
    return false;
}

/* Whether components of the path are those of `part`: from the start of one
   to the end of one, or to the dot before its ending. */
static bool has_path(pc_str s, const ps_wanted *w)
{
    pc_str part = w->text;
    for (size_t i = 0; i < s.len; i++) {
        if (i > 0 && s.ptr[i - 1] != '/')
            continue;
        if (w->form == PS_VALUE_GLOB) {
            if (glob(part, s, i))
                return true;
            continue;
        }
        if (part.len == 0 || part.len > s.len - i ||
            memcmp(s.ptr + i, part.ptr, part.len) != 0)
            continue;
        size_t end = i + part.len;
        if (end == s.len || s.ptr[end] == '/' || s.ptr[end] == '.')
            return true;
    }
    return false;
}

static bool is_in_period(pc_str s, const ps_period *p)
{
    ps_period v;
    return read_date(s, &v) && v.last >= p->first && v.first <= p->last;
}

static bool is_value(const ps_predicate *p, const ps_wanted *w,
                     const ps_stored_value *v)
{
    if (w->form == PS_VALUE_EXACT)
        return pc_str_eq(v->text, w->text);
    if (p->is_path)
        return has_path(v->text, w);
    if (w->form == PS_VALUE_GLOB)
        return has_glob(v->text, w->text);
    if (p->is_date && w->is_period)
        return is_in_period(v->text, &w->period);
    return has_words(v->words, w->words);
}

/* How the value stands to one end of a range: below it, in the unit that it
   names, or above it. False: they cannot be compared. */
static bool compare(const ps_predicate *p, const ps_wanted *w, pc_str s,
                    bool low, int *out)
{
    ps_period v;
    ps_number n = read_number(s);
    if (w->number.is && n.is && !p->is_date) {
        *out = n.v < w->number.v ? -1 : n.v > w->number.v;
        return true;
    }
    if (w->is_period) {
        if (!read_date(s, &v))
            return false;
        /* What is known only roughly may be on the right side. */
        ps_day day = low ? v.last : v.first;
        *out = day < w->period.first ? -1 : day > w->period.last;
        return true;
    }
    *out = pc_str_cmp(s, w->text);
    return !w->number.is;
}

static bool is_in_range(const ps_predicate *p, const ps_stored_value *v)
{
    int order;
    const ps_wanted *low = &p->values[0], *high = &p->values[1];
    if (low->form != PS_VALUE_OPEN &&
        (!compare(p, low, v->text, true, &order) ||
         order < (p->without_low ? 1 : 0)))
        return false;
    if (high->form != PS_VALUE_OPEN &&
        (!compare(p, high, v->text, false, &order) ||
         order > (p->without_high ? -1 : 0)))
        return false;
    return true;
}

bool ps_predicate_test(const ps_predicate *p, const ps_stored_value *v)
{
    if (p->op == PS_FILTER_RANGE)
        return is_in_range(p, v);
    for (size_t i = 0; i < p->n; i++)
        if (is_value(p, &p->values[i], v))
            return true;
    return false;
}
