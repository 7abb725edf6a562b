/*
 * The chain of analysis, and its fingerprint.
 */
#include "common/text/analyzer.h"

#include <stdio.h>

#include "common/base/fail.h"
#include "common/text/acronym.h"
#include "common/text/fingerprint.h"
#include "common/text/fold.h"
#include "common/text/frequent.h"
#include "common/text/grouped.h"
#include "common/text/ident.h"
#include "common/text/stem.h"
#include "common/text/token.h"
#include "common/text/ucd_tables.h"
#include "common/text/utf8.h"

/* Raise the number with every change of any result; an index made by another
   one is then refused. */
#define CHAIN "parasol/6 unicode/" PC_UCD_VERSION " lang/"

#define TITLE " title/"
#define AUTO "auto/"

/* What depends on the language. */
typedef struct stemming {
    pc_stemmer *stemmer; /* NULL: not opened yet */
    pc_str elisions;     /* words, each followed by a space */
    unsigned n_frequent; /* stems of frequent words */
    unsigned n_articles; /* the first of them */
    uint8_t frequent_len[PC_FREQUENT_MAX];
    char frequent[PC_FREQUENT_MAX][PC_FREQUENT_LETTERS];
} stemming;

struct pc_analyzer {
    const pc_mem *mem;
    stemming *now; /* in use */
    stemming main;
    stemming *others; /* by number; NULL: there is one language */
    uint8_t main_number;
    pc_str main_code; /* in spec_text, or static */
    uint64_t fingerprint;
    pc_form_maker form;
    pc_buf plain; /* with marks folded */
    pc_buf stem;
    pc_buf key;  /* the form without marks; an identifier */
    pc_str spec; /* in spec_text */
    char spec_text[96];
    unsigned title_weight;
};

/* ---- stem -------------------------------------------------------------- */

/* Only letters (all above ASCII count as such) and apostrophes. */
static bool stemmable(pc_str w)
{
    for (size_t i = 0; i < w.len; i++) {
        uint8_t c = (uint8_t)w.ptr[i];
        if (c < 0x80 && c != '\'' && (uint8_t)((c | 0x20) - 'a') >= 26)
            return false;
    }
    return true;
}

/* What French, Italian and Catalan elide before a vowel. */
static pc_str elisions_of(const char *language)
{
    static const char *const table[][2] = {
        {"french", "l d j m t s n c qu jusqu lorsqu puisqu quoiqu "},
        {"italian", "l un d c s v m t all dall dell nell sull coll gl agl "
                    "dagl degl negl sugl quest quell "},
        {"catalan", "l d n m s t "},
    };
    for (size_t i = 0; i < PC_COUNTOF(table); i++)
        if (strcmp(table[i][0], language) == 0)
            return pc_str_of(table[i][1]);
    return (pc_str){"", 0};
}

static pc_str strip_elision(pc_str elisions, pc_str w)
{
    const char *mark = w.len ? memchr(w.ptr, '\'', w.len) : NULL;
    if (!mark || elisions.len == 0 || mark + 1 == w.ptr + w.len)
        return w;
    size_t n = (size_t)(mark - w.ptr);
    const char *e = elisions.ptr;
    for (const char *space; (space = strchr(e, ' ')); e = space + 1)
        if ((size_t)(space - e) == n && memcmp(e, w.ptr, n) == 0)
            return (pc_str){w.ptr + n + 1, w.len - n - 1};
    return w;
}

static bool is_ascii(pc_str w)
{
    for (size_t i = 0; i < w.len; i++)
        if ((uint8_t)w.ptr[i] >= 0x80)
            return false;
    return true;
}

/* `w` with marks folded, in `out` or, if it has none, itself. */
static pc_str fold_marks(pc_buf *out, pc_str w, int *rc)
{
    if (is_ascii(w))
        return w;
    pc_buf_clear(out);
    if (pc_fold_marks(out, w))
        *rc = PARASOL_NOMEM;
    return pc_utf8_cut(pc_buf_str(out), PC_TERM_MAX);
}

/* "she'll" is not "shell". */
static bool is_contraction(pc_str w)
{
    static const char *const ends[] = {"'ll", "'re", "'ve", "'d", "'m"};
    for (size_t i = 0; i < PC_COUNTOF(ends); i++)
        if (pc_str_ends(w, pc_str_of(ends[i])))
            return true;
    return false;
}

/* The form as the stemmer is to have it: without the marks that people write
   or leave out (Qur'an, cyber-security, 1,000). */
static pc_str unmarked(pc_analyzer *a, pc_str form, uint8_t kind, int *rc)
{
    const char *marks = NULL;
    if (kind == PC_TOKEN_NUMBER)
        marks = pc_group_mark(form);
    else if (kind == PC_TOKEN_JOIN)
        marks = "-.'";
    else if (kind == PC_TOKEN_WORD && form.len &&
             memchr(form.ptr, '"', form.len))
        marks = "'\""; /* of a Hebrew acronym */
    else if (kind == PC_TOKEN_WORD && pc_stemmer_cuts_names(a->now->stemmer))
        return form;
    else if (kind == PC_TOKEN_WORD && a->now->elisions.len == 0 && form.len &&
             memchr(form.ptr, '\'', form.len) && !is_contraction(form))
        marks = "'";
    if (!marks)
        return form;
    pc_buf_clear(&a->key);
    uint8_t *to = pc_buf_reserve(&a->key, form.len);
    if (!to)
        *rc = PARASOL_NOMEM;
    else
        a->key.len = pc_form_drop((char *)to, form, marks);
    return pc_buf_str(&a->key);
}

/* Capitals of a homograph become small again. */
static pc_str small_letters(pc_analyzer *a, pc_str form, int *rc)
{
    if (form.len == 0 || (uint8_t)(form.ptr[0] - 'A') >= 26)
        return form;
    pc_buf_clear(&a->key);
    if (pc_fold_case(&a->key, form))
        *rc = PARASOL_NOMEM;
    return pc_buf_str(&a->key);
}

/* F-16s */
static bool is_plural_designator(pc_str w)
{
    return w.len > 2 && w.ptr[w.len - 1] == 's' &&
           (uint8_t)(w.ptr[w.len - 2] - '0') < 10 &&
           (uint8_t)(w.ptr[0] - 'a') < 26;
}

int pc_analyzer_stem(pc_analyzer *a, pc_str form, uint8_t kind, pc_str *out)
{
    int rc = PARASOL_OK;
    if (kind == PC_TOKEN_IDENT) {
        *out = form;
        return PARASOL_OK;
    }
    form = small_letters(a, unmarked(a, form, kind, &rc), &rc);
    if (rc)
        return rc;
    bool word = kind == PC_TOKEN_WORD || kind == PC_TOKEN_JOIN;
    if (!word || !stemmable(form)) {
        form.len -= is_plural_designator(form);
        *out = fold_marks(&a->plain, form, &rc);
        return rc;
    }
    if (!pc_stemmer_reads_marks(a->now->stemmer)) {
        *out = pc_stem(a->now->stemmer, fold_marks(&a->plain, form, &rc));
    } else {
        *out = pc_stem(a->now->stemmer, strip_elision(a->now->elisions, form));
        if (out->ptr)
            *out = fold_marks(&a->stem, *out, &rc);
    }
    if (!out->ptr)
        rc = PARASOL_NOMEM;
    else
        *out = pc_utf8_cut(*out, PC_TERM_MAX);
    return rc;
}

static int make_ident(pc_analyzer *a, pc_str raw, pc_str *out)
{
    pc_buf_clear(&a->key);
    uint8_t *to = pc_buf_reserve(&a->key, PC_IDENT_MAX);
    if (!to)
        return PARASOL_NOMEM;
    bool definition = raw.len && raw.ptr[raw.len - 1] == ')';
    a->key.len = definition ? pc_acronym_key(raw, (char *)to)
                            : pc_ident_key(raw, (char *)to);
    *out = pc_buf_str(&a->key);
    return PARASOL_OK;
}

int pc_analyzer_form(pc_analyzer *a, pc_str raw, uint8_t kind, pc_str *out)
{
    *out = (pc_str){"", 0};
    if (kind == PC_TOKEN_IDENT)
        return make_ident(a, raw, out);
    pc_str form;
    int rc = pc_form_make(&a->form, raw, kind, &form);
    if (!rc && form.len > 0)
        *out = form;
    return rc;
}

int pc_analyzer_term(pc_analyzer *a, pc_str raw, uint8_t kind, pc_term *out)
{
    *out = (pc_term){{"", 0}, {"", 0}};
    int rc = pc_analyzer_form(a, raw, kind, &out->form);
    if (rc || out->form.len == 0)
        return rc;
    rc = pc_analyzer_stem(a, out->form, kind, &out->stem);
    /* Nothing but marks. */
    if (!rc && out->stem.len == 0)
        out->form.len = 0;
    return rc;
}

/* ---- frequent words ----------------------------------------------------- */

unsigned pc_analyzer_frequent(const pc_analyzer *a, pc_str stem)
{
    const stemming *l = a->now;
    for (unsigned i = 0; i < l->n_frequent; i++)
        if (l->frequent_len[i] == stem.len &&
            memcmp(l->frequent[i], stem.ptr, stem.len) == 0)
            return i + 1;
    return 0;
}

bool pc_analyzer_pairs(const pc_analyzer *a, unsigned first, unsigned second)
{
    return first > 0 && second > a->now->n_articles;
}

/* Stems the frequent words of the language in use. */
static int stem_frequent(pc_analyzer *a, stemming *l, pc_str words)
{
    const char *end = words.ptr + words.len;
    for (const char *p = words.ptr, *space; p < end; p = space + 1) {
        pc_term term;
        space = memchr(p, ' ', (size_t)(end - p));
        pc_str word = {p, (size_t)(space - p)};
        if (*p == '|') {
            l->n_articles = l->n_frequent;
            continue;
        }
        if (pc_analyzer_term(a, word, PC_TOKEN_WORD, &term))
            return PARASOL_NOMEM;
        if (term.stem.len == 0 || term.stem.len > PC_FREQUENT_LETTERS ||
            pc_analyzer_frequent(a, term.stem))
            continue;
        PC_ASSERT(l->n_frequent < PC_FREQUENT_MAX);
        memcpy(l->frequent[l->n_frequent], term.stem.ptr, term.stem.len);
        l->frequent_len[l->n_frequent++] = (uint8_t)term.stem.len;
    }
    return PARASOL_OK;
}

static int take_fingerprint(pc_analyzer *a)
{
    uint64_t h =
        pc_fingerprint_bytes(PC_FINGERPRINT_SEED, a->spec.ptr, a->spec.len);
    int rc = pc_fingerprint_text(a, pc_fingerprint_sample(), &h);
    for (unsigned i = 0; i < a->main.n_frequent; i++)
        h = pc_fingerprint_bytes(h, a->main.frequent[i],
                                 a->main.frequent_len[i]);
    for (uint8_t i = 0; !rc && a->others && i < pc_language_count(); i++) {
        const pc_language *l = pc_language_at(i);
        h = pc_fingerprint_bytes(h, l->code, strlen(l->code) + 1);
        rc = pc_analyzer_use(a, i);
        if (!rc)
            rc = pc_fingerprint_text(a, pc_str_of(l->sample), &h);
    }
    a->now = &a->main;
    a->fingerprint = h;
    return rc;
}

/* ---- opening ----------------------------------------------------------- */

static int open_language(pc_analyzer *a, stemming *l, const char *algorithm,
                         parasol_error *err)
{
    l->elisions = elisions_of(algorithm);
    pc_str frequent = pc_frequent_words(algorithm);
    if (l != &a->main && !pc_stemmer_known(algorithm))
        algorithm = "none"; /* an older libstemmer */
    int rc = pc_stemmer_open(&l->stemmer, algorithm, a->mem, err);
    if (rc)
        return rc;
    a->now = l;
    return stem_frequent(a, l, frequent) ? pc_fail_nomem(err) : PARASOL_OK;
}

int pc_analyzer_use(pc_analyzer *a, uint8_t number)
{
    a->now = &a->main;
    if (!a->others || number == a->main_number || number >= pc_language_count())
        return PARASOL_OK;
    stemming *l = &a->others[number];
    if (!l->stemmer &&
        open_language(a, l, pc_language_at(number)->algorithm, NULL))
        return PARASOL_NOMEM;
    a->now = l;
    return PARASOL_OK;
}

/* What `name` asks for: the algorithm, and what is said of it in the spec. */
static int find_language(pc_analyzer *a, const char *name,
                         const char **algorithm, bool *is_auto,
                         parasol_error *err)
{
    *is_auto =
        strcmp(name, "auto") == 0 || strncmp(name, AUTO, sizeof AUTO - 1) == 0;
    if (*is_auto)
        name = name[4] ? name + 5 : "english";
    a->main_number = pc_language_named(pc_str_of(name));
    bool known = a->main_number != PC_LANGUAGE_NONE;
    const pc_language *l = known ? pc_language_at(a->main_number) : NULL;
    *algorithm = known ? l->algorithm : name;
    a->main_code = pc_str_of(known ? l->code : name);
    if (*is_auto && !known)
        return pc_fail(err, PARASOL_ARG, "unknown main language \"%s\"", name);
    return PARASOL_OK;
}

/* Takes " title/N" off the end of a name. False: it is not a weight. */
static bool take_title(pc_str *name, unsigned *weight)
{
    const pc_str mark = PC_STR_LIT(TITLE);
    *weight = 1;
    if (name->len <= mark.len)
        return true;
    size_t at = name->len - mark.len - 1;
    if (memcmp(name->ptr + at, mark.ptr, mark.len) != 0)
        return !memchr(name->ptr, ' ', name->len);
    char digit = name->ptr[name->len - 1];
    *weight = (unsigned)(digit - '0');
    name->len = at;
    return digit >= '2' && digit <= '0' + PC_TITLE_WEIGHT_MAX;
}

static int open_parts(pc_analyzer *a, const char *given, parasol_error *err)
{
    const char *algorithm;
    char name[sizeof a->spec_text];
    bool is_auto;
    pc_str language = pc_str_of(given);
    if (!take_title(&language, &a->title_weight) ||
        language.len >= sizeof name / 2)
        return pc_fail(err, PARASOL_ARG, "unknown language \"%.64s\"", given);
    memcpy(name, language.ptr, language.len);
    name[language.len] = 0;
    int rc = find_language(a, name, &algorithm, &is_auto, err);
    if (!rc)
        rc = open_language(a, &a->main, algorithm, err);
    if (rc)
        return rc;
    int n =
        snprintf(a->spec_text, sizeof a->spec_text, CHAIN "%s%s",
                 is_auto ? AUTO : "", is_auto ? a->main_code.ptr : algorithm);
    a->spec = (pc_str){a->spec_text, (size_t)n};
    if (a->main_number == PC_LANGUAGE_NONE)
        a->main_code.ptr = a->spec_text + n - a->main_code.len;
    if (a->title_weight > 1)
        a->spec.len +=
            (size_t)snprintf(a->spec_text + n, sizeof a->spec_text - (size_t)n,
                             TITLE "%u", a->title_weight);
    if (is_auto)
        a->others = pc_zalloc(a->mem, pc_language_count(), sizeof *a->others);
    if ((is_auto && !a->others) || take_fingerprint(a))
        return pc_fail_nomem(err);
    return PARASOL_OK;
}

int pc_analyzer_open(pc_analyzer **out, const char *language, const pc_mem *mem,
                     parasol_error *err)
{
    *out = NULL;
    pc_analyzer *a = pc_zalloc(mem, 1, sizeof *a);
    if (!a)
        return pc_fail_nomem(err);
    a->mem = mem;
    a->now = &a->main;
    pc_form_init(&a->form, mem);
    pc_buf_init(&a->plain, mem);
    pc_buf_init(&a->stem, mem);
    pc_buf_init(&a->key, mem);
    int rc = open_parts(a, language, err);
    if (rc)
        pc_analyzer_free(a);
    else
        *out = a;
    return rc;
}

int pc_analyzer_open_spec(pc_analyzer **out, pc_str spec, const pc_mem *mem,
                          parasol_error *err)
{
    *out = NULL;
    const pc_str chain = PC_STR_LIT(CHAIN);
    char language[48];
    unsigned weight;
    size_t n = spec.len - chain.len;
    if (!pc_str_starts(spec, chain) || n >= sizeof language)
        return pc_fail(err, PARASOL_VERSION,
                       "the index was analysed by \"%.*s\", and not by this "
                       "build's \"%s...\"; index the folder again",
                       PC_STR_ARG(spec), CHAIN);
    memcpy(language, spec.ptr + chain.len, n);
    language[n] = '\0';
    pc_str name = {language, n};
    bool well = strlen(language) == n && take_title(&name, &weight);
    language[name.len] = '\0';
    bool is_auto = strncmp(language, AUTO, sizeof AUTO - 1) == 0;
    if (!well || (is_auto ? pc_language_of_code(pc_str_of(
                                language + sizeof AUTO - 1)) == PC_LANGUAGE_NONE
                          : !pc_stemmer_known(language)))
        return pc_fail(err, PARASOL_VERSION,
                       "the index was analysed for the language \"%s\", which "
                       "this build does not know",
                       language);
    language[name.len] = n > name.len ? ' ' : '\0'; /* the weight again */
    return pc_analyzer_open(out, language, mem, err);
}

void pc_spec_language(pc_str spec, bool *is_auto, uint8_t *language)
{
    const pc_str chain = PC_STR_LIT(CHAIN), mark = PC_STR_LIT(AUTO);
    pc_str name = {"", 0};
    if (pc_str_starts(spec, chain))
        name = (pc_str){spec.ptr + chain.len, spec.len - chain.len};
    const char *space = name.len ? memchr(name.ptr, ' ', name.len) : NULL;
    if (space) /* the weight of titles */
        name.len = (size_t)(space - name.ptr);
    *is_auto = pc_str_starts(name, mark);
    if (*is_auto)
        name = (pc_str){name.ptr + mark.len, name.len - mark.len};
    *language = pc_language_named(name);
}

void pc_analyzer_free(pc_analyzer *a)
{
    if (!a)
        return;
    pc_stemmer_free(a->main.stemmer);
    for (unsigned i = 0; a->others && i < pc_language_count(); i++)
        pc_stemmer_free(a->others[i].stemmer);
    pc_free(a->mem, a->others);
    pc_form_release(&a->form);
    pc_buf_release(&a->plain);
    pc_buf_release(&a->stem);
    pc_buf_release(&a->key);
    pc_free(a->mem, a);
}

unsigned pc_analyzer_title_weight(const pc_analyzer *a)
{
    return a->title_weight;
}

bool pc_analyzer_is_auto(const pc_analyzer *a)
{
    return a->others != NULL;
}

uint8_t pc_analyzer_language(const pc_analyzer *a)
{
    return a->main_number;
}

uint8_t pc_analyzer_in_use(const pc_analyzer *a)
{
    return a->now == &a->main ? a->main_number : (uint8_t)(a->now - a->others);
}

pc_str pc_analyzer_code(const pc_analyzer *a)
{
    return a->main_code;
}

pc_str pc_analyzer_spec(const pc_analyzer *a)
{
    return a->spec;
}

uint64_t pc_analyzer_fingerprint(const pc_analyzer *a)
{
    return a->fingerprint;
}
