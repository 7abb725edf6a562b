/*
 * Normalisation and folding. Text is taken in pieces: a stretch of ASCII, or
 * a *run*, which begins where nothing before can change what follows (no
 * PC_UCD_JOINS) and lasts until the next such place. Each run is decomposed,
 * mapped, put into canonical order, composed and encoded on its own.
 */
#include "common/text/fold.h"

#include "common/text/ucd_tables.h"
#include "common/text/utf8.h"

enum form { FORM_NFKC, FORM_CASE, FORM_MARKS };

#define S_BASE 0xAC00u
#define L_BASE 0x1100u
#define V_BASE 0x1161u
#define T_BASE 0x11A7u
#define L_COUNT 19u
#define V_COUNT 21u
#define T_COUNT 28u
#define S_COUNT (L_COUNT * V_COUNT * T_COUNT)

/* Longer stretches of marks are ordered by counting, so that hostile text
   costs no more than linear time. */
#define FEW_MARKS 24

/* Code points of one run. */
typedef struct run {
    uint32_t fixed[48];
    uint32_t *cp; /* fixed, or owned memory */
    size_t n;
    size_t cap;
    const pc_mem *mem;
    int status;
} run;

static void run_init(run *r, const pc_mem *mem)
{
    r->cp = r->fixed;
    r->n = 0;
    r->cap = PC_COUNTOF(r->fixed);
    r->mem = mem;
    r->status = PARASOL_OK;
}

static void run_release(run *r)
{
    if (r->cp != r->fixed)
        pc_free(r->mem, r->cp);
}

static PC_NOINLINE bool run_grow(run *r)
{
    uint32_t *old = r->cp == r->fixed ? NULL : r->cp;
    uint32_t *p = pc_resize(r->mem, old, r->cap * 2, sizeof *p);
    if (!p) {
        r->status = PARASOL_NOMEM;
        return false;
    }
    if (!old)
        memcpy(p, r->fixed, sizeof r->fixed);
    r->cp = p;
    r->cap *= 2;
    return true;
}

static void run_push(run *r, uint32_t cp)
{
    if (r->n == r->cap && !run_grow(r))
        return;
    r->cp[r->n++] = cp;
}

/* ---- decomposition ----------------------------------------------------- */

static void push_pool(run *r, uint16_t index)
{
    const uint16_t *u = pc_ucd_pool + index;
    unsigned n = *u++;
    for (unsigned i = 0; i < n; i++) {
        uint32_t c = u[i];
        if (c >= 0xD800 && c <= 0xDBFF && i + 1 < n)
            c = 0x10000 + ((c - 0xD800) << 10) + (u[++i] - 0xDC00u);
        run_push(r, c);
    }
}

static void push_decomposed(run *r, uint32_t cp, enum form form)
{
    uint32_t s = cp - S_BASE;
    if (s < S_COUNT) {
        run_push(r, L_BASE + s / (V_COUNT * T_COUNT));
        run_push(r, V_BASE + s % (V_COUNT * T_COUNT) / T_COUNT);
        if (s % T_COUNT)
            run_push(r, T_BASE + s % T_COUNT);
        return;
    }
    uint16_t index = form == FORM_NFKC ? pc_ucd_compat(cp) : pc_ucd_canon(cp);
    if (index)
        push_pool(r, index);
    else
        run_push(r, cp);
}

/* ---- canonical order --------------------------------------------------- */

static void order_few(uint32_t *cp, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint32_t c = cp[i];
        uint8_t ccc = pc_ucd_ccc(c);
        size_t j = i;
        for (; j > 0 && pc_ucd_ccc(cp[j - 1]) > ccc; j--)
            cp[j] = cp[j - 1];
        cp[j] = c;
    }
}

static int order_many(uint32_t *cp, size_t n, const pc_mem *mem)
{
    uint32_t *sorted = pc_alloc(mem, n, sizeof *sorted);
    if (!sorted)
        return PARASOL_NOMEM;
    size_t start[257] = {0};
    for (size_t i = 0; i < n; i++)
        start[pc_ucd_ccc(cp[i]) + 1]++;
    for (size_t k = 1; k < PC_COUNTOF(start); k++)
        start[k] += start[k - 1];
    for (size_t i = 0; i < n; i++)
        sorted[start[pc_ucd_ccc(cp[i])]++] = cp[i];
    memcpy(cp, sorted, n * sizeof *cp);
    pc_free(mem, sorted);
    return PARASOL_OK;
}

static void run_order(run *r)
{
    for (size_t i = 0; i < r->n; i++) {
        if (pc_ucd_ccc(r->cp[i]) == 0)
            continue;
        size_t first = i;
        while (i < r->n && pc_ucd_ccc(r->cp[i]) != 0)
            i++;
        if (i - first <= FEW_MARKS)
            order_few(r->cp + first, i - first);
        else if (order_many(r->cp + first, i - first, r->mem))
            r->status = PARASOL_NOMEM;
    }
}

/* ---- composition ------------------------------------------------------- */

static uint32_t compose_hangul(uint32_t a, uint32_t b)
{
    if (a - L_BASE < L_COUNT && b - V_BASE < V_COUNT)
        return S_BASE + ((a - L_BASE) * V_COUNT + (b - V_BASE)) * T_COUNT;
    if (a - S_BASE < S_COUNT && (a - S_BASE) % T_COUNT == 0 && b > T_BASE &&
        b < T_BASE + T_COUNT)
        return a + (b - T_BASE);
    return 0;
}

/* The composition of a and b, or 0. */
static uint32_t compose_pair(uint32_t a, uint32_t b)
{
    if (!(pc_ucd_class(b) & PC_UCD_COMPOSES))
        return compose_hangul(a, b);
    size_t low = 0;
    size_t high = PC_UCD_PAIR_COUNT;
    while (low < high) {
        size_t mid = (low + high) / 2;
        const pc_ucd_pair *p = &pc_ucd_pairs[mid];
        if (p->first < a || (p->first == a && p->second < b))
            low = mid + 1;
        else
            high = mid;
    }
    if (low == PC_UCD_PAIR_COUNT || pc_ucd_pairs[low].first != a ||
        pc_ucd_pairs[low].second != b)
        return 0;
    return pc_ucd_pairs[low].composed;
}

static void run_compose(run *r)
{
    bool started = false; /* there is a starter before */
    size_t starter = 0;
    size_t n = 0;
    uint8_t before = 0; /* class of the last one kept */
    for (size_t i = 0; i < r->n; i++) {
        uint32_t c = r->cp[i];
        uint8_t ccc = pc_ucd_ccc(c);
        if (started && (n - 1 == starter || before < ccc)) {
            uint32_t both = compose_pair(r->cp[starter], c);
            if (both) {
                r->cp[starter] = both;
                continue;
            }
        }
        if (ccc == 0) {
            started = true;
            starter = n;
        }
        before = ccc;
        r->cp[n++] = c;
    }
    r->n = n;
}

/* ---- mapping ----------------------------------------------------------- */

/* Letters of Persian and Urdu that Arabic writes otherwise, and a dotless yeh,
   as those of Arabic. */
static uint32_t plain_arabic(uint32_t cp)
{
    switch (cp) {
    case 0x0649:
    case 0x06CC: return 0x064A;
    case 0x06A9: return 0x0643;
    case 0x06C1: return 0x0647;
    default: return cp;
    }
}

static void map_case(run *to, const run *from)
{
    for (size_t i = 0; i < from->n; i++) {
        uint16_t index = pc_ucd_fold(from->cp[i]);
        if (index)
            push_pool(to, index);
        else
            run_push(to, from->cp[i]);
    }
}

/* Some marks make another letter of their base: the short i and u of
   Cyrillic, and the Ukrainian yi. */
static bool mark_is_letter(uint32_t base, uint32_t mark)
{
    if (mark == 0x0306)
        return base == 0x0438 || base == 0x0443;
    return mark == 0x0308 && base == 0x0456;
}

static const char *plain_letter(uint32_t cp)
{
    size_t low = 0;
    size_t high = PC_UCD_LETTER_COUNT;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (pc_ucd_letters[mid].cp < cp)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == PC_UCD_LETTER_COUNT || pc_ucd_letters[low].cp != cp)
        return NULL;
    return pc_ucd_letters[low].ascii;
}

/* Decimal digits of other scripts as those of ASCII. */
static uint32_t plain_digit(uint32_t cp)
{
    static const uint16_t zeros[] = {
        0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6,
        0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x17E0, 0x1810};
    for (size_t i = 0; cp >= zeros[0] && i < PC_COUNTOF(zeros); i++)
        if (cp - zeros[i] < 10)
            return '0' + (cp - zeros[i]);
    return cp;
}

/*
 * What those who write Hindi and its sisters leave out or write otherwise: the
 * dot that makes another sound of a letter; a nasal vowel, as the nasal before
 * a consonant. 0: nothing is left.
 */
static uint32_t plain_indic(uint32_t cp)
{
    switch (cp) {
    case 0x093C:
    case 0x09BC:
    case 0x0A3C:
    case 0x0ABC:
    case 0x0B3C: return 0;
    case 0x0901: return 0x0902;
    default: return cp;
    }
}

/* Is that the n without vowel that is also written as a dot? */
static bool is_dead_n(const run *r, size_t i)
{
    return i + 2 == r->n && r->cp[i] == 0x0928 && r->cp[i + 1] == 0x094D;
}

static void map_marks(run *to, const run *from)
{
    uint32_t base = 0;
    for (size_t i = 0; i < from->n; i++) {
        uint32_t c = from->cp[i];
        if (pc_ucd_class(c) & PC_UCD_MARK) {
            if (mark_is_letter(base, c))
                run_push(to, c);
            continue;
        }
        if (is_dead_n(from, i)) {
            run_push(to, 0x0902);
            return;
        }
        c = plain_indic(c);
        if (c == 0)
            continue;
        if (pc_ucd_ccc(c) == 0)
            base = c;
        const char *plain = c < 0x80 ? NULL : plain_letter(c);
        if (!plain)
            run_push(to, plain_arabic(plain_digit(c)));
        for (; plain && *plain; plain++)
            run_push(to, (uint32_t)*plain);
    }
}

/* ---- runs of a text ---------------------------------------------------- */

typedef struct folder {
    pc_buf *out;
    run a; /* the run decomposed */
    run b; /* the run mapped */
    enum form form;
} folder;

static void fold_run(folder *f)
{
    run *done = &f->a;
    run_order(&f->a);
    if (f->form != FORM_NFKC) {
        f->b.n = 0;
        if (f->form == FORM_CASE)
            map_case(&f->b, &f->a);
        else
            map_marks(&f->b, &f->a);
        run_order(&f->b);
        done = &f->b;
    }
    run_compose(done);
    for (size_t i = 0; i < done->n; i++)
        pc_utf8_put(f->out, done->cp[i]);
}

static void put_ascii(folder *f, const char *p, size_t n)
{
    uint8_t *to = pc_buf_reserve(f->out, n);
    if (!to)
        return;
    if (f->form != FORM_CASE) {
        memcpy(to, p, n);
    } else {
        for (size_t i = 0; i < n; i++) {
            uint8_t c = (uint8_t)p[i];
            to[i] = (uint8_t)(c | ((uint8_t)(c - 'A') < 26 ? 0x20u : 0u));
        }
    }
    f->out->len += n;
}

/* The code point at p when it continues the run before it. */
static bool next_joins(const char **p, const char *end, uint32_t *cp)
{
    const char *q = *p;
    if (q == end || (uint8_t)*q < 0x80)
        return false;
    *cp = pc_utf8_next(&q, end);
    if (!(pc_ucd_class(*cp) & PC_UCD_JOINS))
        return false;
    *p = q;
    return true;
}

static int fold_text(pc_buf *out, pc_str in, enum form form)
{
    if (in.len == 0)
        return out->status;
    const char *p = in.ptr;
    const char *end = in.ptr + in.len;
    folder f = {.out = out, .form = form};
    run_init(&f.a, out->mem);
    run_init(&f.b, out->mem);
    while (p < end && !out->status) {
        const char *q = p;
        while (q < end && (uint8_t)*q < 0x80)
            q++;
        /* The last ASCII byte belongs to the run if marks follow it. */
        const char *peek = q;
        uint32_t cp = 0;
        if (q > p && next_joins(&peek, end, &cp))
            q--;
        if (q > p)
            put_ascii(&f, p, (size_t)(q - p));
        if (q == end)
            break;
        f.a.n = 0;
        cp = pc_utf8_next(&q, end);
        do {
            push_decomposed(&f.a, cp, form);
        } while (next_joins(&q, end, &cp));
        fold_run(&f);
        if (f.a.status || f.b.status)
            out->status = PARASOL_NOMEM;
        p = q;
    }
    run_release(&f.a);
    run_release(&f.b);
    return out->status;
}

int pc_nfkc(pc_buf *out, pc_str in)
{
    return fold_text(out, in, FORM_NFKC);
}

int pc_fold_case(pc_buf *out, pc_str in)
{
    return fold_text(out, in, FORM_CASE);
}

int pc_fold_marks(pc_buf *out, pc_str folded)
{
    return fold_text(out, folded, FORM_MARKS);
}
