/*
 * The thesaurus: pairs of a key and a text, sorted by key.
 */
#include "searcher/plan/synonyms.h"

#include <stdlib.h>

#include "common/base/fail.h"
#include "common/text/words.h"

struct ps_synonyms {
    const pc_mem *mem;
    pc_arena strings;
    ps_synonym *v;
    size_t n, cap;
};

/* A side of a line: two keys where it is a compound, al-Qaeda. */
typedef struct side {
    pc_str text;
    pc_str key, joined; /* joined.len 0: none */
} side;

/* A line being read. */
typedef struct line {
    ps_synonyms *s;
    pc_analyzer *analyzer;
    const char *name;
    unsigned number;
    uint8_t only; /* as of ps_synonym */
    parasol_error *err;
} line;

int ps_synonyms_new(ps_synonyms **out, const pc_mem *mem, parasol_error *err)
{
    ps_synonyms *s = pc_zalloc(mem, 1, sizeof *s);
    *out = s;
    if (!s)
        return pc_fail_nomem(err);
    s->mem = mem;
    pc_arena_init(&s->strings, mem, 0);
    return PARASOL_OK;
}

void ps_synonyms_free(ps_synonyms *s)
{
    if (!s)
        return;
    pc_arena_release(&s->strings);
    pc_free(s->mem, s->v);
    pc_free(s->mem, s);
}

/* ---- keys --------------------------------------------------------------- */

void ps_synonyms_put_word(pc_buf *key, pc_str form, pc_str stem)
{
    /* An acronym that would be an everyday word stays one. */
    bool capital = form.len && (uint8_t)(form.ptr[0] - 'A') < 26;
    if (key->len)
        pc_buf_put_u8(key, ' ');
    pc_buf_put_str(key, capital ? form : stem);
}

static int copy_key(const line *l, pc_buf *b, pc_str *key)
{
    char *copy =
        b->status ? NULL : pc_arena_copy(&l->s->strings, b->ptr, b->len);
    *key = (pc_str){copy, b->len};
    pc_buf_clear(b);
    return copy ? PARASOL_OK : pc_fail_nomem(l->err);
}

/* The keys of a side. */
static int make_keys(const line *l, side *out)
{
    pc_words words;
    pc_token tok;
    pc_buf b, joined;
    unsigned n = 0, span = 0;
    pc_buf_init(&b, l->s->mem);
    pc_buf_init(&joined, l->s->mem);
    pc_words_init(&words, out->text.ptr, out->text.len);
    while (pc_words_next(&words, &tok)) {
        pc_term term;
        pc_str raw = {out->text.ptr + tok.start, tok.end - tok.start};
        if (pc_analyzer_term(l->analyzer, raw, tok.kind, &term))
            b.status = PARASOL_NOMEM;
        else if (tok.span == 1 && term.form.len)
            ps_synonyms_put_word(&b, term.form, term.stem);
        else if (tok.kind == PC_TOKEN_JOIN && tok.pos == 0)
            pc_buf_put_str(&joined, term.stem);
        n += tok.span == 1 && term.form.len > 0;
        span = tok.kind == PC_TOKEN_JOIN && tok.pos == 0 ? tok.span : span;
    }
    if (span != n)
        pc_buf_clear(&joined);
    int rc = copy_key(l, &b, &out->key);
    if (!rc)
        rc = copy_key(l, &joined, &out->joined);
    pc_buf_release(&b);
    pc_buf_release(&joined);
    if (rc || (n > 0 && n <= PS_SYNONYM_WORDS))
        return rc;
    return pc_fail(l->err, PARASOL_ARG, "%s, line %u: \"%.*s\" has %s", l->name,
                   l->number, PC_STR_ARG(out->text),
                   n ? "too many words" : "no word");
}

/* ---- lines -------------------------------------------------------------- */

static pc_str trim(pc_str s)
{
    while (s.len && (uint8_t)s.ptr[0] <= ' ') {
        s.ptr++;
        s.len--;
    }
    while (s.len && (uint8_t)s.ptr[s.len - 1] <= ' ')
        s.len--;
    return s;
}

/* Cuts what is before `mark` off *rest. False when there is no mark. */
static bool cut(pc_str *rest, const char *mark, pc_str *before)
{
    size_t n = strlen(mark);
    for (size_t i = 0; i + n <= rest->len; i++) {
        if (memcmp(rest->ptr + i, mark, n) != 0)
            continue;
        *before = (pc_str){rest->ptr, i};
        rest->ptr += i + n;
        rest->len -= i + n;
        return true;
    }
    *before = *rest;
    rest->len = 0;
    return false;
}

static int add_key(const line *l, pc_str key, const side *to)
{
    ps_synonyms *s = l->s;
    if (key.len == 0 || pc_str_eq(key, to->joined) ||
        (to->joined.len == 0 && pc_str_eq(key, to->key)))
        return PARASOL_OK;
    if (s->n == s->cap &&
        pc_grow(s->mem, (void **)&s->v, &s->cap, s->n + 1, sizeof *s->v))
        return pc_fail_nomem(l->err);
    s->v[s->n++] = (ps_synonym){key, to->text, l->only};
    return PARASOL_OK;
}

static int add_pair(const line *l, const side *from, const side *to)
{
    int rc = add_key(l, from->key, to);
    return rc ? rc : add_key(l, from->joined, to);
}

/* The sides between commas, into v; *n of them. */
static int read_sides(const line *l, pc_str rest, side *v, size_t *n)
{
    pc_str text;
    bool more = true;
    *n = 0;
    while (more) {
        more = cut(&rest, ",", &text);
        text = trim(text);
        if (text.len == 0)
            return pc_fail(l->err, PARASOL_ARG,
                           "%s, line %u: nothing between two marks", l->name,
                           l->number);
        if (*n == PS_SYNONYM_WAYS)
            return pc_fail(l->err, PARASOL_ARG,
                           "%s, line %u: more than %u sides", l->name,
                           l->number, PS_SYNONYM_WAYS);
        char *copy = pc_arena_copy(&l->s->strings, text.ptr, text.len);
        if (!copy)
            return pc_fail_nomem(l->err);
        v[*n].text = (pc_str){copy, text.len};
        int rc = make_keys(l, &v[(*n)++]);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

/* "@en": the lines below are of texts in a language; "@all" ends it. *applies:
   is it that of the index, or may it be one of several? */
static int read_language(line *l, pc_str text, bool *applies)
{
    pc_str code = {text.ptr + 1, text.len - 1};
    uint8_t number = pc_language_of_code(code);
    bool several = pc_analyzer_is_auto(l->analyzer);
    bool all = pc_str_eq(code, PC_STR_LIT("all"));
    bool known = number != PC_LANGUAGE_NONE;
    *applies = all || (known && several) ||
               number == pc_analyzer_language(l->analyzer);
    l->only = several && known ? (uint8_t)(number + 1) : 0;
    if (*applies || known)
        return PARASOL_OK;
    return pc_fail(l->err, PARASOL_ARG, "%s, line %u: no language \"%.*s\"",
                   l->name, l->number, PC_STR_ARG(code));
}

static int read_line(const line *l, pc_str text)
{
    side left[PS_SYNONYM_WAYS], right[PS_SYNONYM_WAYS];
    size_t n_left, n_right = 0;
    pc_str first, second, rest = text;
    bool arrow = cut(&rest, "=>", &first);
    if (arrow && cut(&rest, "=>", &second))
        return pc_fail(l->err, PARASOL_ARG, "%s, line %u: two arrows", l->name,
                       l->number);
    int rc = read_sides(l, first, left, &n_left);
    if (!rc && arrow)
        rc = read_sides(l, second, right, &n_right);
    for (size_t i = 0; !rc && i < n_left; i++) {
        for (size_t k = 0; !rc && !arrow && k < n_left; k++)
            rc = add_pair(l, &left[i], &left[k]);
        for (size_t k = 0; !rc && k < n_right; k++)
            rc = add_pair(l, &left[i], &right[k]);
    }
    return rc;
}

/* ---- all ---------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const ps_synonym *x = a, *y = b;
    int c = pc_str_cmp(x->key, y->key);
    c = c ? c : pc_str_cmp(x->text, y->text);
    return c ? c : (int)x->only - (int)y->only;
}

/* Sorts, drops what is there twice, and looks for keys that find too much. */
static int settle(ps_synonyms *s, const char *name, parasol_error *err)
{
    size_t kept = 0, ways = 0;
    if (s->n > 1)
        qsort(s->v, s->n, sizeof *s->v, compare);
    for (size_t i = 0; i < s->n; i++) {
        if (kept > 0 && compare(&s->v[i], &s->v[kept - 1]) == 0)
            continue;
        bool same = kept > 0 && pc_str_eq(s->v[i].key, s->v[kept - 1].key);
        ways = same ? ways + 1 : 1;
        s->v[kept++] = s->v[i];
        if (ways > PS_SYNONYM_WAYS)
            return pc_fail(err, PARASOL_ARG,
                           "%s: \"%.*s\" would find more than %u others", name,
                           PC_STR_ARG(s->v[i].key), PS_SYNONYM_WAYS);
    }
    s->n = kept;
    return PARASOL_OK;
}

int ps_synonyms_add(ps_synonyms *s, pc_str text, const char *name,
                    const ps_synonym_filter *only, pc_analyzer *analyzer,
                    parasol_error *err)
{
    line l = {s, analyzer, name, 0, 0, err};
    bool applies = true;
    size_t before = s->n;
    ps_synonym *old = pc_alloc(s->mem, before + 1, sizeof *old);
    int rc = old ? PARASOL_OK : pc_fail_nomem(err);
    if (old && before)
        memcpy(old, s->v, before * sizeof *old);
    while (!rc && text.len > 0) {
        pc_str one;
        (void)cut(&text, "\n", &one);
        l.number++;
        const char *hash = one.len ? memchr(one.ptr, '#', one.len) : NULL;
        if (hash)
            one.len = (size_t)(hash - one.ptr);
        one = trim(one);
        if (one.len > 0 && one.ptr[0] == '@')
            rc = read_language(&l, one, &applies);
        else if (applies && one.len > 0 &&
                 (!only || ps_synonym_filter_keeps(only, one)))
            rc = read_line(&l, one);
    }
    if (!rc)
        rc = settle(s, name, err);
    if (rc && old) {
        if (before)
            memcpy(s->v, old, before * sizeof *old);
        s->n = before;
    }
    pc_free(s->mem, old);
    return rc;
}

/* The first that is not before the key. */
static size_t lower(const ps_synonyms *s, pc_str key)
{
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (pc_str_cmp(s->v[mid].key, key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

const ps_synonym *ps_synonyms_find(const ps_synonyms *s, pc_str key, size_t *n)
{
    size_t at = lower(s, key);
    *n = 0;
    while (at + *n < s->n && pc_str_eq(s->v[at + *n].key, key))
        ++*n;
    return *n ? &s->v[at] : NULL;
}

bool ps_synonyms_begins(const ps_synonyms *s, pc_str key)
{
    /* A space sorts before all that a word may hold. */
    size_t at = lower(s, key);
    while (at < s->n && pc_str_eq(s->v[at].key, key))
        at++;
    return at < s->n && pc_str_starts(s->v[at].key, key) &&
           s->v[at].key.ptr[key.len] == ' ';
}
