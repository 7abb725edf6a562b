/*
 * From a slice of text to its form.
 */
#include "common/text/form.h"

#include "common/base/base.h"
#include "common/text/fold.h"
#include "common/text/token.h"
#include "common/text/utf8.h"

/* A slice may be as long as the text; nobody searches for the rest. */
#define RAW_MAX 4096

void pc_form_init(pc_form_maker *f, const pc_mem *mem)
{
    pc_buf_init(&f->joined, mem);
    pc_buf_init(&f->form, mem);
}

void pc_form_release(pc_form_maker *f)
{
    pc_buf_release(&f->joined);
    pc_buf_release(&f->form);
}

/* ---- marks -------------------------------------------------------------- */

/* Takes the hyphens at line ends out of a word; only there can a word hold a
   line feed. */
static pc_str join_lines(pc_buf *out, pc_str raw)
{
    if (!memchr(raw.ptr, '\n', raw.len))
        return raw;
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.ptr[i];
        if (c != '\n') {
            pc_buf_put(out, &c, 1);
            continue;
        }
        if (pc_str_ends(pc_buf_str(out), PC_STR_LIT("\r")))
            out->len--;
        if (pc_str_ends(pc_buf_str(out), PC_STR_LIT("-")))
            out->len--;
        else if (pc_str_ends(pc_buf_str(out), PC_STR_LIT("\u2010")))
            out->len -= 3;
    }
    return pc_buf_str(out);
}

/* The bytes at `p` that are another form of an apostrophe, a quotation mark
   (of Hebrew acronyms) or a hyphen, whose plain one goes to *plain, or 0. */
static size_t odd_mark(const char *p, size_t len, char *plain)
{
    static const struct {
        const char *bytes;
        char plain;
    } forms[] = {{"\u2019", '\''}, {"\u2018", '\''}, {"\u201B", '\''},
                 {"\u02BC", '\''}, {"\u02BB", '\''}, {"\u02BD", '\''},
                 {"\u02BE", '\''}, {"\u02BF", '\''}, {"\u02B9", '\''},
                 {"\u05F3", '\''}, {"\u05F4", '"'},  {"\u2010", '-'},
                 {"\u2011", '-'},  {"\u2012", '-'},  {"\u2013", '-'},
                 {"\u2212", '-'},  {"\u066A", '%'}};
    for (size_t i = 0; i < PC_COUNTOF(forms); i++) {
        size_t n = strlen(forms[i].bytes);
        *plain = forms[i].plain;
        if (len >= n && memcmp(p, forms[i].bytes, n) == 0)
            return n;
    }
    return 0;
}

/* Letters that look alike and that Arabic, Persian and Urdu write for each
   other, as those that the stemmers know. */
static void plain_arabic(char *p, size_t len)
{
    static const char forms[][2][3] = {{"\u0649", "\u064A"},
                                       {"\u06CC", "\u064A"},
                                       {"\u06A9", "\u0643"},
                                       {"\u06C1", "\u0647"}};
    for (size_t i = 0; len > 1 && i < PC_COUNTOF(forms); i++)
        if (memcmp(p, forms[i][0], 2) == 0)
            memcpy(p, forms[i][1], 2);
}

/* The n without vowel of Hindi, which is also written as a dot. */
static bool is_dead_n(const char *p, size_t len)
{
    return len >= 6 && memcmp(p, "\u0928\u094D", 6) == 0;
}

static void plain_marks(pc_buf *b)
{
    char *s = (char *)b->ptr;
    size_t to = 0;
    for (size_t i = 0; i < b->len;) {
        if ((uint8_t)s[i] < 0x80) {
            s[to++] = s[i++];
            continue;
        }
        if ((uint8_t)(s[i] - '\xD9') < 3)
            plain_arabic(s + i, b->len - i);
        if (is_dead_n(s + i, b->len - i)) {
            memcpy(s + to, "\u0902", 3);
            to += 3;
            i += 6;
            continue;
        }
        char plain = s[i];
        size_t n = odd_mark(s + i, b->len - i, &plain);
        s[to++] = n ? plain : s[i];
        i += n ? n : 1;
    }
    b->len = to;
}

size_t pc_form_drop(char *to, pc_str w, const char *marks)
{
    size_t n = 0;
    for (size_t i = 0; i < w.len; i++)
        if (!strchr(marks, w.ptr[i]))
            to[n++] = w.ptr[i];
    return n;
}

/*
 * The form of a compound is its parts joined and a hyphen behind, so that who
 * knows the joined word also knows where to look whether it occurs as a
 * compound. Designators (f16) do not need that.
 */
static size_t join_form(char *to, pc_str form)
{
    size_t n = pc_form_drop(to, form, "-.'");
    for (size_t i = 0; i < n; i++)
        if ((uint8_t)(to[i] - '0') < 10)
            return n;
    to[n] = '-'; /* at least one was dropped */
    return n + 1;
}

/* ---- acronyms ----------------------------------------------------------- */

/* Single letters with dots between? */
static bool is_acronym(pc_str form)
{
    if (form.len == 0 || !memchr(form.ptr, '.', form.len))
        return false;
    size_t letters = 0;
    for (const char *p = form.ptr, *end = p + form.len; p < end;) {
        if (pc_utf8_next(&p, end) < 'A' || (p < end && *p++ != '.'))
            return false;
        letters++;
    }
    return letters > 1;
}

/*
 * Acronyms that are everyday words in small letters. Written in capitals or
 * with dots they keep a form of their own, so that a search for US or U.S.
 * need not find "us", while us finds both.
 */
static const char homographs[] = " us who it is aids start salt car am un cap "
                                 "sam arm act mad pow tow mod ";

pc_str pc_form_homograph(size_t i)
{
    const char *word = homographs + 1;
    while (*word && i-- > 0)
        word = strchr(word, ' ') + 1;
    return (pc_str){word, strcspn(word, " ")};
}

static bool is_homograph(pc_str form)
{
    char key[8] = " ";
    if (form.len < 2 || form.len > 5)
        return false;
    memcpy(key + 1, form.ptr, form.len);
    key[form.len + 1] = ' ';
    return strstr(homographs, key) != NULL;
}

/* More than one capital: US, U.S., MoD. */
static bool is_capital(pc_str raw)
{
    size_t n = 0;
    for (size_t i = 0; i < raw.len; i++)
        n += (uint8_t)(raw.ptr[i] - 'A') < 26;
    return n > 1;
}

static bool is_upper(char c)
{
    return (uint8_t)(c - 'A') < 26;
}

static bool is_digit(char c)
{
    return (uint8_t)(c - '0') < 10;
}

/* Letters and dots, and a small s behind a capital: NGOs, PhDs, N.G.O.s; also
   with figures before it: B-52Hs. */
static bool is_plural_acronym(pc_str raw, uint8_t kind)
{
    bool figures = false;
    if ((kind != PC_TOKEN_WORD && kind != PC_TOKEN_JOIN) || raw.len < 3 ||
        raw.ptr[raw.len - 1] != 's')
        return false;
    char before = raw.ptr[raw.len - 2];
    if (!is_upper(before == '.' ? raw.ptr[raw.len - 3] : before))
        return false;
    for (size_t i = 0; i + 1 < raw.len; i++) {
        char c = raw.ptr[i];
        figures |= is_digit(c);
        if ((uint8_t)((c | 0x20) - 'a') >= 26 && c != '.' && !is_digit(c) &&
            !(c == '-' && kind == PC_TOKEN_JOIN))
            return false;
    }
    return figures || (kind == PC_TOKEN_WORD && is_capital(raw));
}

/* The bytes of the s and the apostrophe behind a decade, 1990's; 0: it is
   none. */
static size_t decade_mark(pc_str form)
{
    size_t n = pc_str_ends(form, PC_STR_LIT("'s"))        ? 2
               : pc_str_ends(form, PC_STR_LIT("\u2019s")) ? 4
                                                          : 0;
    size_t digits = form.len - n;
    if (n == 0 || (digits != 2 && digits != 4) || form.ptr[digits - 1] != '0')
        return 0;
    for (size_t i = 0; i < digits; i++)
        if (!is_digit(form.ptr[i]))
            return 0;
    return n;
}

/* A version, which is a number: v1.2.3. */
static bool is_version(pc_str form)
{
    if (form.len < 4 || form.ptr[0] != 'v' || !is_digit(form.ptr[1]))
        return false;
    const char *dot = memchr(form.ptr, '.', form.len);
    for (size_t i = 1; i < form.len; i++)
        if (!is_digit(form.ptr[i]) && form.ptr[i] != '.')
            return false;
    return dot != NULL;
}

/* What people write or leave out around and inside figures. */
static pc_str plain_figures(pc_form_maker *f, pc_str form)
{
    char *to = (char *)f->form.ptr;
    if (memchr(form.ptr, '[', form.len)) /* 192.0.2[.]17 */
        form.len = pc_form_drop(to, form, "[]");
    size_t mark = decade_mark(form);
    if (mark) {
        form.len -= mark - 1;
        to[form.len - 1] = 's';
    }
    if (is_version(form))
        form = (pc_str){form.ptr + 1, form.len - 1};
    return form;
}

static void capitals(char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((uint8_t)(s[i] - 'a') < 26)
            s[i] = (char)(s[i] - 0x20);
}

/* ---- what is left out --------------------------------------------------- */

/* Begins the word with a vowel or h? Letters above ASCII that are in Latin-1 or
   a ligature count. */
static bool has_vowel(pc_str w)
{
    return w.len > 1 && (strchr("aeiouh", w.ptr[0]) || w.ptr[0] == '\xC3' ||
                         w.ptr[0] == '\xC5');
}

/* What Romance languages elide before a vowel, and no other writes so. */
static pc_str strip_elision(pc_str w)
{
    static const char *const elided[] = {"l",    "d",    "qu",   "all",
                                         "dall", "dell", "nell", "sull"};
    const char *mark =
        w.len > 3 ? memchr(w.ptr, '\'', 5 < w.len ? 5 : w.len) : NULL;
    if (!mark)
        return w;
    size_t n = (size_t)(mark - w.ptr);
    pc_str rest = {mark + 1, w.len - n - 1};
    for (size_t i = 0; has_vowel(rest) && i < PC_COUNTOF(elided); i++)
        if (strlen(elided[i]) == n && memcmp(elided[i], w.ptr, n) == 0)
            return rest;
    return w;
}

static pc_str strip_word(pc_str w)
{
    while (w.len && w.ptr[0] == '_') {
        w.ptr++;
        w.len--;
    }
    while (w.len && w.ptr[w.len - 1] == '_')
        w.len--;
    if (pc_str_ends(w, PC_STR_LIT("'s")))
        w.len -= 2;
    /* Letters that stand for an apostrophe: ʿIraq */
    while (w.len && w.ptr[0] == '\'') {
        w.ptr++;
        w.len--;
    }
    while (w.len && w.ptr[w.len - 1] == '\'')
        w.len--;
    return strip_elision(w);
}

/* The letters of a word that has nothing else than those of ASCII, small, in
   f->form; false for others. */
static bool letters_form(pc_form_maker *f, pc_str raw)
{
    uint8_t *to = pc_buf_reserve(&f->form, raw.len);
    if (!to || raw.len > PC_TERM_MAX)
        return false;
    for (size_t i = 0; i < raw.len; i++) {
        to[i] = (uint8_t)raw.ptr[i] | 0x20;
        if ((uint8_t)(to[i] - 'a') >= 26)
            return false;
    }
    f->form.len = raw.len;
    return true;
}

/* ---- all ---------------------------------------------------------------- */

int pc_form_make(pc_form_maker *f, pc_str raw, uint8_t kind, pc_str *out)
{
    *out = (pc_str){NULL, 0};
    /* Both forget a failure of the call before. */
    pc_buf_clear(&f->joined);
    pc_buf_clear(&f->form);
    if (kind == PC_TOKEN_WORD && letters_form(f, raw)) {
        *out = pc_buf_str(&f->form);
        out->len -= is_plural_acronym(raw, kind);
        if (is_capital(raw) && is_homograph(*out))
            capitals((char *)f->form.ptr, f->form.len);
        return PARASOL_OK;
    }
    raw = pc_utf8_cut(raw, RAW_MAX);
    if (kind == PC_TOKEN_WORD && raw.len)
        raw = join_lines(&f->joined, raw);
    if (pc_fold_case(&f->form, raw) || f->joined.status)
        return PARASOL_NOMEM;
    if (kind == PC_TOKEN_WORD || kind == PC_TOKEN_JOIN)
        plain_marks(&f->form);
    if (kind == PC_TOKEN_WORD &&
        pc_str_eq(pc_buf_str(&f->form), PC_STR_LIT("n\u00B0"))) {
        f->form.ptr[1] = 'o'; /* N° 5 */
        f->form.len = 2;
    }
    pc_str form = pc_buf_str(&f->form);
    if (kind <= PC_TOKEN_NUMBER && form.len && memchr(form.ptr, ' ', form.len))
        form.len = f->form.len = pc_form_drop((char *)f->form.ptr, form, " ");
    bool plural = is_plural_acronym(raw, kind) && form.len == raw.len;
    if (kind == PC_TOKEN_WORD && is_acronym(form))
        form.len = pc_form_drop((char *)f->form.ptr, form, ".");
    if (form.len && form.len < 32 && kind <= PC_TOKEN_NUMBER &&
        (is_digit(form.ptr[0]) || form.ptr[0] == 'v'))
        form = plain_figures(f, form);
    if (kind != PC_TOKEN_GRAM)
        form = strip_word(form);
    if (kind == PC_TOKEN_JOIN && form.len)
        form.len = join_form((char *)f->form.ptr, form);
    form.len -= plural && form.len > 1;
    if (kind == PC_TOKEN_WORD && is_homograph(form) && is_capital(raw))
        capitals((char *)f->form.ptr, f->form.len);
    *out = pc_utf8_cut(form, PC_TERM_MAX);
    return PARASOL_OK;
}
