/*
 * A word as others spell it: Müller and Mueller, organise and organize. Only
 * what the index has is added.
 */
#include "common/base/fail.h"
#include "common/text/token.h"
#include "searcher/plan/word_internal.h"

/* ---- umlauts ------------------------------------------------------------ */

static const struct {
    const char *letter; /* as in a form */
    const char *two;
} umlauts[] = {{"\u00E4", "ae"},
               {"\u00F6", "oe"},
               {"\u00FC", "ue"},
               {"\u00F8", "oe"},
               {"\u00E5", "aa"}};

#define WRITTEN_BACK 3u /* of them are written for two letters */
#define OE 1u

/* Appends `form` with two letters for one; false: it has none such. */
static bool write_out(pc_buf *to, pc_str form)
{
    bool any = false;
    for (size_t i = 0; i < form.len;) {
        size_t k = 0, n = 1;
        pc_str rest = {form.ptr + i, form.len - i};
        while (k < PC_COUNTOF(umlauts) &&
               !pc_str_starts(rest, pc_str_of(umlauts[k].letter)))
            k++;
        if (k < PC_COUNTOF(umlauts)) {
            pc_buf_put_z(to, umlauts[k].two);
            n = strlen(umlauts[k].letter);
            any = true;
        } else {
            pc_buf_put(to, rest.ptr, 1);
        }
        i += n;
    }
    return any;
}

/* The reverse, with ø for oe if `nordic`. Behind a vowel and q, two letters
   are two: neue, queue. */
static bool write_back(pc_buf *to, pc_str form, bool nordic)
{
    bool any = false;
    for (size_t i = 0; i < form.len;) {
        size_t k = 0;
        pc_str rest = {form.ptr + i, form.len - i};
        bool may = i == 0 || !strchr("aeouq", form.ptr[i - 1]);
        while (k < WRITTEN_BACK &&
               !(may && pc_str_starts(rest, pc_str_of(umlauts[k].two))))
            k++;
        if (k < WRITTEN_BACK)
            pc_buf_put_z(to, nordic && k == OE ? "ø" : umlauts[k].letter);
        else
            pc_buf_put(to, rest.ptr, 1);
        any |= k < WRITTEN_BACK;
        i += k < WRITTEN_BACK ? 2 : 1;
    }
    return any;
}

static bool is_ascii(pc_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((uint8_t)s.ptr[i] >= 0x80)
            return false;
    return true;
}

/* Oersted, Joergensen */
static bool has_oe(pc_str form)
{
    for (size_t i = 0; i + 1 < form.len; i++)
        if (form.ptr[i] == 'o' && form.ptr[i + 1] == 'e')
            return true;
    return false;
}

bool ps_word_has_two(pc_str form)
{
    for (size_t i = 0; i + 1 < form.len; i++)
        if (form.ptr[i + 1] == 'e' &&
            (form.ptr[i] == 'a' || form.ptr[i] == 'o' || form.ptr[i] == 'u') &&
            (i == 0 || !strchr("aeouq", form.ptr[i - 1])))
            return true;
    return false;
}

/* ---- -ise and -ize ------------------------------------------------------ */

#define ISE_MIN 6u /* letters of a word that may end so */

/* Where the s or z of the ending is; 0 when there is none. */
static size_t ise_at(pc_str form)
{
    static const char *const ends[] = {"e",   "ed",    "es",     "er",  "ers",
                                       "ing", "ation", "ations", "able"};
    for (size_t i = 0; form.len >= ISE_MIN && i < PC_COUNTOF(ends); i++) {
        size_t n = strlen(ends[i]);
        if (form.len < n + 4 || !pc_str_ends(form, pc_str_of(ends[i])))
            continue;
        size_t at = form.len - n - 1;
        char c = form.ptr[at], before = form.ptr[at - 1];
        if ((c == 's' || c == 'z') && (before == 'i' || before == 'y'))
            return at;
    }
    return 0;
}

/* ---- all ---------------------------------------------------------------- */

/* Adds the form if the index has it: by its stem, or as it is. */
static int add(ps_word_maker *m, ps_word_slot *slot, pc_str form, bool exact)
{
    ps_word_term term;
    uint64_t df = 0;
    int rc = ps_word_make_term(m, form, PC_TOKEN_WORD, &term);
    if (rc || term.form.len == 0 ||
        (!exact && pc_str_eq(term.stem, slot->alts[0].terms[0].stem)))
        return rc;
    rc = m->lexicon->df(m->lexicon->user, exact ? term.form : term.stem, exact,
                        &df);
    if (rc || df == 0)
        return rc;
    ps_word_alt *alt = ps_word_add_alt(m, slot, 1, 1, PS_WHY_SPELLING);
    if (!alt)
        return pc_fail_nomem(m->err);
    term.exact = exact;
    alt->terms[alt->n++] = term;
    return PARASOL_OK;
}

static int add_umlauts(ps_word_maker *m, ps_word_slot *slot, pc_str form)
{
    pc_buf b;
    bool back = is_ascii(form);
    /* In German, ue is so often one letter that all inflections count. */
    bool exact =
        back && !pc_str_eq(pc_analyzer_code(m->analyzer), PC_STR_LIT("de"));
    int rc = PARASOL_OK;
    if (back && !ps_word_has_two(form))
        return PARASOL_OK;
    pc_buf_init(&b, m->arena->mem);
    for (int nordic = 0; !rc && nordic <= back; nordic++) {
        pc_buf_clear(&b);
        bool any = back ? write_back(&b, form, nordic) : write_out(&b, form);
        if (b.status)
            rc = pc_fail_nomem(m->err);
        else if (any && (!nordic || has_oe(form)))
            rc = add(m, slot, pc_buf_str(&b), exact);
    }
    pc_buf_release(&b);
    return rc;
}

static int add_ise(ps_word_maker *m, ps_word_slot *slot, pc_str form)
{
    char other[PC_TERM_MAX];
    size_t at = form.len <= sizeof other ? ise_at(form) : 0;
    if (at == 0)
        return PARASOL_OK;
    memcpy(other, form.ptr, form.len);
    other[at] = form.ptr[at] == 's' ? 'z' : 's';
    return add(m, slot, (pc_str){other, form.len}, false);
}

int ps_word_add_spellings(ps_word_maker *m, ps_word_slot *slot,
                          const ps_word_term *word)
{
    pc_str language = pc_analyzer_code(m->analyzer);
    int rc = add_umlauts(m, slot, word->form);
    if (!rc && m->synonyms && pc_str_eq(language, PC_STR_LIT("en")))
        rc = add_ise(m, slot, word->form);
    return rc;
}
