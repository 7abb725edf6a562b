/*
 * The chain of analysis, and its fingerprint.
 */
#include "common/text/analyzer.h"

#include <stdio.h>

#include "common/base/fail.h"
#include "common/text/fold.h"
#include "common/text/stem.h"
#include "common/text/token.h"
#include "common/text/ucd_tables.h"
#include "common/text/utf8.h"

/* Raise the number with every change of any result; an index made by another
   one is then refused. */
#define CHAIN "parasol/1 unicode/" PC_UCD_VERSION " lang/"

/* A slice may be as long as the text; nobody searches for the rest. */
#define RAW_MAX 4096

struct pc_analyzer {
    const pc_mem *mem;
    pc_stemmer *stemmer;
    pc_str elisions; /* of the language: words, each followed by a space */
    uint64_t fingerprint;
    pc_buf joined; /* the slice without a line-end hyphen */
    pc_buf form;
    pc_buf plain; /* with marks folded */
    pc_buf stem;
    pc_str spec; /* in spec_text */
    char spec_text[96];
};

/* ---- form -------------------------------------------------------------- */

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

/* The bytes at `p` that are an apostrophe other than ', or 0. */
static size_t apostrophe(const char *p, size_t len)
{
    static const char *const forms[] = {"\u2019", "\u2018", "\u201B", "\u02BC"};
    for (size_t i = 0; i < PC_COUNTOF(forms); i++) {
        size_t n = strlen(forms[i]);
        if (len >= n && memcmp(p, forms[i], n) == 0)
            return n;
    }
    return 0;
}

static void plain_apostrophes(pc_buf *b)
{
    char *s = (char *)b->ptr;
    size_t to = 0;
    for (size_t i = 0; i < b->len;) {
        size_t n = (uint8_t)s[i] < 0x80 ? 0 : apostrophe(s + i, b->len - i);
        s[to++] = n ? '\'' : s[i];
        i += n ? n : 1;
    }
    b->len = to;
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
    return w;
}

static pc_str make_form(pc_analyzer *a, pc_str raw, uint8_t kind)
{
    /* Both forget a failure of the call before. */
    pc_buf_clear(&a->joined);
    pc_buf_clear(&a->form);
    raw = pc_utf8_cut(raw, RAW_MAX);
    if (kind == PC_TOKEN_WORD && raw.len)
        raw = join_lines(&a->joined, raw);
    if (pc_fold_case(&a->form, raw) || a->joined.status)
        return (pc_str){NULL, 0};
    if (kind == PC_TOKEN_WORD)
        plain_apostrophes(&a->form);
    pc_str form = pc_buf_str(&a->form);
    if (kind != PC_TOKEN_GRAM)
        form = strip_word(form);
    return pc_utf8_cut(form, PC_TERM_MAX);
}

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

static int make_stem(pc_analyzer *a, pc_str form, uint8_t kind, pc_str *out)
{
    int rc = PARASOL_OK;
    if (kind != PC_TOKEN_WORD || !stemmable(form)) {
        *out = fold_marks(&a->plain, form, &rc);
        return rc;
    }
    if (!pc_stemmer_reads_marks(a->stemmer)) {
        *out = pc_stem(a->stemmer, fold_marks(&a->plain, form, &rc));
    } else {
        *out = pc_stem(a->stemmer, strip_elision(a->elisions, form));
        if (out->ptr)
            *out = fold_marks(&a->stem, *out, &rc);
    }
    if (!out->ptr)
        rc = PARASOL_NOMEM;
    else
        *out = pc_utf8_cut(*out, PC_TERM_MAX);
    return rc;
}

int pc_analyzer_term(pc_analyzer *a, pc_str raw, uint8_t kind, pc_term *out)
{
    *out = (pc_term){{"", 0}, {"", 0}};
    pc_str form = make_form(a, raw, kind);
    if (a->form.status || a->joined.status)
        return PARASOL_NOMEM;
    if (form.len == 0)
        return PARASOL_OK;
    out->form = form;
    return make_stem(a, form, kind, &out->stem);
}

/* ---- fingerprint ------------------------------------------------------- */

/* Text with words of many languages, so that a change in any stemmer or table
   has something to show in. */
static const char probe[] =
    "Organizations' policies, universities' international relations; running "
    "flies happily, conditional agreements rationally negotiated, nationally "
    "U.S. F-16 CVE-2014-0160 1,000.50 don't O’Brien’s inter-\nnational "
    "Sicherheitspolitische Häuser und Verträge, größte Außenministerien "
    "l'organisation européenne déclarée, sécurité nationale, négociations "
    "organización organizaciones acción política rápidamente, niños "
    "sicurezza nazionale negoziati dell'organizzazione, città "
    "segurança nações organizações políticas "
    "veiligheid overeenkomsten landen, sikkerheden aftalerne, sikkerheten "
    "avtalene, säkerheten förhandlingarna, turvallisuuspolitiikassa maissa "
    "biztonságpolitikai tárgyalások, securitatea națională, güvenliğin "
    "İstanbul ılımlı anlaşmalar, saugumo derybose, tratados "
    "безопасность переговорами договоры Её чайки, безбедност "
    "πολιτικής ασφάλειας συμφωνίες, الأمن القومي والمفاوضات, "
    "सुरक्षा नीतियाँ, பாதுகாப்பு, շայկական անվտանգություն "
    "segurtasuna akordioak, seguretat l'estat, slándála náisiúnta "
    "keamanan perundingan, सुरक्षाका, אבטחה מדיניות "
    "首都圏 サイバー 安全保障 한국어 ความมั่นคง ﬁnal ＮＡＴＯ Łódź Straße";

static uint64_t hash_bytes(uint64_t h, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    for (size_t i = 0; i < n; i++)
        h = (h ^ p[i]) * 0x100000001B3u; /* FNV-1a */
    return h;
}

static int take_fingerprint(pc_analyzer *a)
{
    uint64_t h = hash_bytes(0xCBF29CE484222325u, a->spec.ptr, a->spec.len);
    pc_tokenizer t;
    pc_token tok;
    pc_tokenizer_init(&t, probe, sizeof probe - 1);
    while (pc_tokenizer_next(&t, &tok)) {
        pc_term term;
        pc_str raw = {probe + tok.start, tok.end - tok.start};
        int rc = pc_analyzer_term(a, raw, tok.kind, &term);
        if (rc)
            return rc;
        h = hash_bytes(h, &tok.kind, 1);
        h = hash_bytes(h, term.form.ptr, term.form.len);
        h = hash_bytes(h, "\n", 1);
        h = hash_bytes(h, term.stem.ptr, term.stem.len);
        h = hash_bytes(h, "\n", 1);
    }
    a->fingerprint = h;
    return PARASOL_OK;
}

/* ---- opening ----------------------------------------------------------- */

int pc_analyzer_open(pc_analyzer **out, const char *language, const pc_mem *mem,
                     parasol_error *err)
{
    *out = NULL;
    pc_analyzer *a = pc_zalloc(mem, 1, sizeof *a);
    if (!a)
        return pc_fail_nomem(err);
    a->mem = mem;
    pc_buf_init(&a->joined, mem);
    pc_buf_init(&a->form, mem);
    pc_buf_init(&a->plain, mem);
    pc_buf_init(&a->stem, mem);
    int rc = pc_stemmer_open(&a->stemmer, language, mem, err);
    if (rc)
        goto out;
    int n = snprintf(a->spec_text, sizeof a->spec_text, CHAIN "%s", language);
    a->spec = (pc_str){a->spec_text, (size_t)n};
    a->elisions = elisions_of(language);
    rc = take_fingerprint(a);
    if (rc) {
        (void)pc_fail_nomem(err);
        goto out;
    }
    *out = a;
    a = NULL;
out:
    pc_analyzer_free(a);
    return rc;
}

int pc_analyzer_open_spec(pc_analyzer **out, pc_str spec, const pc_mem *mem,
                          parasol_error *err)
{
    *out = NULL;
    const pc_str chain = PC_STR_LIT(CHAIN);
    char language[32];
    size_t n = spec.len - chain.len;
    if (!pc_str_starts(spec, chain) || n >= sizeof language)
        return pc_fail(err, PARASOL_VERSION,
                       "the index was analysed by \"%.*s\", this build has "
                       "\"%s...\"",
                       PC_STR_ARG(spec), CHAIN);
    memcpy(language, spec.ptr + chain.len, n);
    language[n] = '\0';
    if (strlen(language) != n || !pc_stemmer_known(language))
        return pc_fail(err, PARASOL_VERSION,
                       "the index was analysed for the language \"%s\", which "
                       "this build does not know",
                       language);
    return pc_analyzer_open(out, language, mem, err);
}

void pc_analyzer_free(pc_analyzer *a)
{
    if (!a)
        return;
    pc_stemmer_free(a->stemmer);
    pc_buf_release(&a->joined);
    pc_buf_release(&a->form);
    pc_buf_release(&a->plain);
    pc_buf_release(&a->stem);
    pc_free(a->mem, a);
}

pc_str pc_analyzer_spec(const pc_analyzer *a)
{
    return a->spec;
}

uint64_t pc_analyzer_fingerprint(const pc_analyzer *a)
{
    return a->fingerprint;
}
