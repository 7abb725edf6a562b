/*
 * Detection of languages: a vote of words and letters.
 *
 * Scripts are counted first, since most of them leave one language or a few.
 * Among those, each word of the text that is in the list of a language votes
 * for it, the more so the fewer other lists have it; so do letters such as ß
 * and ř. A language other than the main one has to win clearly: names, titles
 * and quotations of other languages stand in many texts.
 */
#include "indexer/extract/detect.h"

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/text/utf8.h"
#include "indexer/extract/detect_words.h"

/* Texts up to here are read whole, others in three windows. */
#define SHORT_TEXT 336u
#define WINDOW 112u
/* Where that is not clear: so many windows, spread over the text. */
#define MORE_WINDOWS 8u
#define MORE_WINDOW 320u

#define SLOTS 8192u /* twice as many as there are words and letters */
#define WORD_MAX 16u
#define LETTER_SEED 0x9E37u

enum script {
    SCRIPT_NONE,
    SCRIPT_LATIN,
    SCRIPT_GREEK,
    SCRIPT_CYRILLIC,
    SCRIPT_ARMENIAN,
    SCRIPT_HEBREW,
    SCRIPT_ARABIC,
    SCRIPT_DEVANAGARI,
    SCRIPT_BENGALI,
    SCRIPT_TAMIL,
    SCRIPT_THAI,
    SCRIPT_LAO,
    SCRIPT_BURMESE,
    SCRIPT_GEORGIAN,
    SCRIPT_HANGUL,
    SCRIPT_KHMER,
    SCRIPT_KANA,
    SCRIPT_HAN,
    SCRIPT_COUNT
};

/* What a script is read as where no word tells more. */
static const char *const default_codes[SCRIPT_COUNT] = {
    "",   "",   "el", "ru", "hy", "he", "ar", "hi", "bn",
    "ta", "th", "lo", "my", "ka", "ko", "km", "ja", "zh"};

/* Ascending. */
static const struct range {
    uint32_t first, last;
    uint8_t script;
} ranges[] = {
    {0xAA, 0xAA, SCRIPT_LATIN},        {0xB5, 0xB5, SCRIPT_LATIN},
    {0xBA, 0xBA, SCRIPT_LATIN},        {0xC0, 0xD6, SCRIPT_LATIN},
    {0xD8, 0xF6, SCRIPT_LATIN},        {0xF8, 0x24F, SCRIPT_LATIN},
    {0x300, 0x36F, SCRIPT_LATIN},      {0x370, 0x3FF, SCRIPT_GREEK},
    {0x400, 0x52F, SCRIPT_CYRILLIC},   {0x531, 0x587, SCRIPT_ARMENIAN},
    {0x591, 0x5F4, SCRIPT_HEBREW},     {0x610, 0x61A, SCRIPT_ARABIC},
    {0x620, 0x65F, SCRIPT_ARABIC},     {0x66E, 0x6D3, SCRIPT_ARABIC},
    {0x6D5, 0x6EF, SCRIPT_ARABIC},     {0x6FA, 0x77F, SCRIPT_ARABIC},
    {0x900, 0x963, SCRIPT_DEVANAGARI}, {0x971, 0x97F, SCRIPT_DEVANAGARI},
    {0x980, 0x9E5, SCRIPT_BENGALI},    {0xB80, 0xBE5, SCRIPT_TAMIL},
    {0xE01, 0xE4E, SCRIPT_THAI},       {0xE80, 0xEDF, SCRIPT_LAO},
    {0x1000, 0x109F, SCRIPT_BURMESE},  {0x10A0, 0x10FF, SCRIPT_GEORGIAN},
    {0x1100, 0x11FF, SCRIPT_HANGUL},   {0x1780, 0x17D3, SCRIPT_KHMER},
    {0x1E00, 0x1EFF, SCRIPT_LATIN},    {0x1F00, 0x1FFF, SCRIPT_GREEK},
    {0x3041, 0x30FF, SCRIPT_KANA},     {0x3130, 0x318F, SCRIPT_HANGUL},
    {0x31F0, 0x31FF, SCRIPT_KANA},     {0x3400, 0x4DBF, SCRIPT_HAN},
    {0x4E00, 0x9FFF, SCRIPT_HAN},      {0xAC00, 0xD7AF, SCRIPT_HANGUL},
    {0xF900, 0xFAFF, SCRIPT_HAN},      {0xFB1D, 0xFB4F, SCRIPT_HEBREW},
    {0xFB50, 0xFDFF, SCRIPT_ARABIC},   {0xFE70, 0xFEFC, SCRIPT_ARABIC},
    {0xFF21, 0xFF5A, SCRIPT_LATIN},    {0xFF66, 0xFF9F, SCRIPT_KANA},
    {0x20000, 0x3FFFF, SCRIPT_HAN},
};

/* Letters beside those of ASCII, in scripts that several languages have. */
static const char *const letters[][2] = {
    {"be", "ўіыэё"},
    {"bg", "ъщ"},
    {"ca", "àèéíòóúïüç"},
    {"cs", "ěščřžýáíéůúťďň"},
    {"da", "æøå"},
    {"de", "äöüß"},
    {"es", "ñáéíóú"},
    {"et", "õäöü"},
    {"fa", "پچژگیک"},
    {"fi", "äö"},
    {"fr", "éèêàçùœîôû"},
    {"ga", "áéíóú"},
    {"hr", "čćđšž"},
    {"hu", "őűáéíóúöü"},
    {"is", "ðþæöáéíóúý"},
    {"it", "àèéìòù"},
    {"lt", "ąčęėįšųūž"},
    {"lv", "āčēģīķļņšūž"},
    {"mk", "ѓќѕјљњџ"},
    {"no", "æøå"},
    {"pl", "ąćęłńóśźż"},
    {"pt", "ãõçáéíóúâêô"},
    {"ro", "ăâîșțşţ"},
    {"ru", "ыэёъщ"},
    {"sk", "ľĺŕôäščťžýáíéúňď"},
    {"sl", "čšž"},
    {"sq", "ëç"},
    {"sr", "ђћјљњџ"},
    {"sv", "åäö"},
    {"tr", "ğışçöü"},
    {"uk", "іїєґ"},
    {"ur", "پچژگیکٹڈڑںےھہ"},
    {"vi", "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"},
};

typedef struct slot {
    uint32_t key; /* 0: empty */
    uint16_t points;
    uint16_t lists;     /* that it is in */
    uint64_t languages; /* a bit for each that it speaks for */
} slot;

struct pi_detector {
    const pc_mem *mem;
    uint8_t main;
    uint64_t of_script[SCRIPT_COUNT]; /* languages among which words decide */
    uint8_t defaults[SCRIPT_COUNT];
    uint8_t scripts[PC_LANGUAGES_MAX]; /* of each language */
    slot slots[SLOTS];
};

/* ---- characters --------------------------------------------------------- */

static enum script script_of(uint32_t cp)
{
    size_t lo = 0, hi = PC_COUNTOF(ranges);
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (cp > ranges[mid].last)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == PC_COUNTOF(ranges) || cp < ranges[lo].first)
        return SCRIPT_NONE;
    return (enum script)ranges[lo].script;
}

/* The small letter, for the alphabets that the lists of words have. */
static uint32_t small(uint32_t cp)
{
    if ((cp >= 0xC0 && cp <= 0xDE) || (cp >= 0x391 && cp <= 0x3A9) ||
        (cp >= 0x410 && cp <= 0x42F))
        return cp + 0x20;
    if (cp >= 0x400 && cp <= 0x40F)
        return cp + 0x50;
    if (cp == 0x130)
        return 'i';
    if ((cp >= 0x139 && cp <= 0x148) || (cp >= 0x179 && cp <= 0x17E))
        return cp + (cp & 1);
    if ((cp >= 0x100 && cp <= 0x177) || (cp >= 0x218 && cp <= 0x21B) ||
        (cp >= 0x490 && cp <= 0x491) || (cp >= 0x1E00 && cp <= 0x1EFF))
        return cp | 1;
    return cp == 0x1A0 || cp == 0x1AF ? cp + 1 : cp;
}

/* ---- the lists ---------------------------------------------------------- */

static uint32_t mix(uint32_t h, uint32_t cp)
{
    return (h ^ cp) * 0x01000193u;
}

static const slot *find(const pi_detector *d, uint32_t h)
{
    const slot *s = &d->slots[(h * 0x9E3779B1u) >> 19];
    while (s->key != 0 && s->key != h)
        s = s + 1 < d->slots + SLOTS ? s + 1 : d->slots;
    return s;
}

/* The more languages have a word, the less it says. */
static uint16_t points_of(unsigned n, bool letter)
{
    if (letter)
        return n == 1 ? 2 : 1;
    return n == 1 ? 6 : n == 2 ? 4 : n == 3 ? 3 : n <= 6 ? 2 : 1;
}

static void put(pi_detector *d, uint32_t h, uint64_t languages, bool letter)
{
    slot *s = &d->slots[find(d, h) - d->slots];
    s->key = h;
    s->lists++;
    s->languages |= languages;
    s->points = points_of(s->lists, letter);
}

static void put_words(pi_detector *d, const pi_language_words *w)
{
    uint8_t language = pc_language_of_code(pc_str_of(w->code));
    const char *p = w->words, *end = p + strlen(p);
    enum script script = SCRIPT_LATIN;
    uint32_t h = 0;
    bool rare = false;
    while (p < end) {
        uint32_t cp = pc_utf8_next(&p, end);
        if (cp == ' ') {
            put(d, h, rare ? 0 : UINT64_C(1) << language, false);
            h = 0;
            rare = false;
            continue;
        }
        if (cp == '|') {
            rare = true;
            continue;
        }
        if (cp >= 0x80 && script == SCRIPT_LATIN)
            script = script_of(cp);
        h = mix(h, cp);
    }
    d->of_script[script] |= UINT64_C(1) << language;
    d->scripts[language] = (uint8_t)script;
}

static void put_letters(pi_detector *d, const char *code, const char *list)
{
    uint8_t language = pc_language_of_code(pc_str_of(code));
    const char *p = list, *end = p + strlen(p);
    while (p < end)
        put(d, mix(LETTER_SEED, pc_utf8_next(&p, end)), UINT64_C(1) << language,
            true);
}

int pi_detector_open(pi_detector **out, uint8_t main, const pc_mem *mem,
                     parasol_error *err)
{
    pi_detector *d = pc_zalloc(mem, 1, sizeof *d);
    *out = d;
    if (!d)
        return pc_fail_nomem(err);
    d->mem = mem;
    d->main = main;
    for (size_t i = 0; i < SCRIPT_COUNT; i++) {
        d->defaults[i] = pc_language_of_code(pc_str_of(default_codes[i]));
        if (d->defaults[i] != PC_LANGUAGE_NONE)
            d->scripts[d->defaults[i]] = (uint8_t)i;
    }
    for (size_t i = 0; i < pi_language_words_count; i++)
        put_words(d, &pi_language_words_table[i]);
    for (size_t i = 0; i < PC_COUNTOF(letters); i++)
        put_letters(d, letters[i][0], letters[i][1]);
    return PARASOL_OK;
}

void pi_detector_free(pi_detector *d)
{
    if (d)
        pc_free(d->mem, d);
}

/* ---- counting ----------------------------------------------------------- */

typedef struct tally {
    const pi_detector *d;
    uint32_t words;
    uint32_t tiny;                  /* of these, with one letter or two */
    uint32_t scripts[SCRIPT_COUNT]; /* letters */
    uint32_t points[PC_LANGUAGES_MAX];
    uint64_t seen[16]; /* a bit for some slots: has voted */
} tally;

/* What comes again counts less: a table of names may repeat one word. */
static void vote(tally *t, const slot *s)
{
    size_t i = (size_t)(s - t->d->slots);
    uint64_t *seen = &t->seen[i / 64 % 16], bit = UINT64_C(1) << i % 64;
    uint32_t points = *seen & bit ? 1 : s->points;
    *seen |= bit;
    for (uint64_t set = s->languages; set; set &= set - 1)
        t->points[pc_ctz64(set)] += points;
}

static void end_word(tally *t, uint32_t h, uint32_t n)
{
    if (n == 0)
        return;
    t->words++;
    t->tiny += n <= 2;
    if (n <= WORD_MAX)
        vote(t, find(t->d, h));
}

/* A letter above ASCII; false: no letter. */
static bool take_wide(tally *t, uint32_t *cp)
{
    enum script script = script_of(*cp);
    if (script == SCRIPT_NONE)
        return false;
    t->scripts[script]++;
    *cp = small(*cp);
    if (*cp < 0x700 || *cp >= 0x1E00)
        vote(t, find(t->d, mix(LETTER_SEED, *cp)));
    return true;
}

/* Counts text[from, to), without the words that are cut at its ends. */
static void scan(tally *t, pc_str text, size_t from, size_t to)
{
    const char *p = text.ptr + from, *end = text.ptr + to;
    uint32_t h = 0, n = 0;
    bool after_digit = false;
    for (unsigned i = 0; from > 0 && i < 24 && p < end && *p != ' '; i++)
        p++;
    while (p < end && ((uint8_t)*p & 0xC0) == 0x80)
        p++;
    while (p < end) {
        uint32_t cp = (uint8_t)*p;
        if (cp < 0x80) {
            p++;
            cp |= 0x20;
            if (cp - 'a' < 26) {
                t->scripts[SCRIPT_LATIN]++;
                h = mix(h, cp);
                n++;
                continue;
            }
        } else {
            cp = pc_utf8_next_wide(&p, text.ptr + text.len);
            if (take_wide(t, &cp)) {
                h = mix(h, cp);
                n++;
                continue;
            }
        }
        /* Letters beside a digit are no word. */
        bool digit = cp - '0' < 10;
        if (!digit && !after_digit)
            end_word(t, h, n);
        after_digit = digit;
        h = n = 0;
    }
    if (to == text.len)
        end_word(t, h, n);
}

/* ---- deciding ----------------------------------------------------------- */

/* The language of a text in a script, if that is not the main one's only. */
static uint8_t by_words(const tally *t, enum script script, bool *clear)
{
    const pi_detector *d = t->d;
    uint8_t best = PC_LANGUAGE_NONE;
    uint32_t most = 0, second = 0;
    for (uint64_t set = d->of_script[script]; set; set &= set - 1) {
        uint8_t i = (uint8_t)pc_ctz64(set);
        if (t->points[i] > most) {
            second = most;
            most = t->points[i];
            best = i;
        } else if (t->points[i] > second) {
            second = t->points[i];
        }
    }
    *clear = 2 * most >= 3 * second && 2 * most >= t->words;
    if (best == d->main || best == PC_LANGUAGE_NONE || script != SCRIPT_LATIN)
        return best;
    /* Another one than the main language: in sentences, and with few words of
       the main one, as a text in two languages belongs to that. */
    uint32_t mine = t->points[d->main];
    bool wins = most >= 12 && 2 * most >= t->words && most >= 2 * mine &&
                3 * mine <= t->words && 3 * t->tiny <= 2 * t->words;
    *clear = *clear && wins;
    return wins ? best : PC_LANGUAGE_NONE;
}

/* Letters of a script, as many as would say the same in an alphabet. */
static uint32_t weight_of(const tally *t, size_t script)
{
    if (script == SCRIPT_HAN)
        return 3 * (t->scripts[SCRIPT_HAN] + t->scripts[SCRIPT_KANA]);
    if (script == SCRIPT_KANA)
        return 0;
    return t->scripts[script] * (script == SCRIPT_HANGUL ? 2 : 1);
}

static enum script main_script(const tally *t, uint32_t *letters_of_it)
{
    uint32_t sum = 0;
    size_t best = SCRIPT_LATIN;
    for (size_t s = SCRIPT_LATIN; s < SCRIPT_COUNT; s++) {
        sum += weight_of(t, s);
        if (weight_of(t, s) > weight_of(t, best))
            best = s;
    }
    *letters_of_it = weight_of(t, best);
    if (best != SCRIPT_LATIN && 2 * weight_of(t, best) < sum)
        best = SCRIPT_LATIN;
    if (best == SCRIPT_HAN &&
        16 * t->scripts[SCRIPT_KANA] >= t->scripts[SCRIPT_HAN])
        best = SCRIPT_KANA;
    return (enum script)best;
}

static uint8_t decide(const tally *t, bool *clear)
{
    const pi_detector *d = t->d;
    uint32_t n;
    enum script script = main_script(t, &n);
    uint8_t found = by_words(t, script, clear);
    if (script != SCRIPT_LATIN) {
        bool is_main = (d->of_script[script] >> d->main & 1) != 0;
        if (found == PC_LANGUAGE_NONE && n >= 6)
            found = is_main ? d->main : d->defaults[script];
        *clear = d->of_script[script] == 0 || *clear;
    }
    return found == PC_LANGUAGE_NONE ? d->main : found;
}

static uint8_t detect(const pi_detector *d, pc_str title, pc_str text)
{
    tally t = {.d = d};
    bool clear = false;
    if (text.len <= SHORT_TEXT) {
        size_t n = title.len < SHORT_TEXT ? title.len : SHORT_TEXT;
        if (text.len < 64)
            scan(&t, (pc_str){title.ptr, n}, 0, n);
        scan(&t, text, 0, text.len);
        return decide(&t, &clear);
    }
    scan(&t, text, 0, WINDOW);
    scan(&t, text, text.len / 2, text.len / 2 + WINDOW);
    scan(&t, text, text.len - WINDOW, text.len);
    uint8_t found = decide(&t, &clear);
    if (clear)
        return found;
    t = (tally){.d = d};
    size_t window = text.len / MORE_WINDOWS;
    window = window < MORE_WINDOW ? window : MORE_WINDOW;
    for (size_t i = 0; i < MORE_WINDOWS; i++) {
        size_t from = text.len / MORE_WINDOWS * i;
        scan(&t, text, from, from + window);
    }
    return decide(&t, &clear);
}

/* Can a text that was found to be in one language be in another, by its
   script? */
static bool fits(const pi_detector *d, uint8_t found, uint8_t declared)
{
    unsigned a = d->scripts[found], b = d->scripts[declared];
    bool han = (a == SCRIPT_HAN || a == SCRIPT_KANA) &&
               (b == SCRIPT_HAN || b == SCRIPT_KANA);
    /* Serbian is written in two; of others, or of none, nothing is known. */
    bool serbian = strcmp(pc_language_at(declared)->code, "sr") == 0;
    return a == b || han || serbian || a == SCRIPT_NONE || b == SCRIPT_NONE;
}

uint8_t pi_detect(const pi_detector *d, uint8_t declared, pc_str title,
                  pc_str text)
{
    uint8_t found = detect(d, title, text);
    if (declared == PC_LANGUAGE_NONE)
        return found;
    /* What falls to the main language may be anything. */
    return found == d->main || fits(d, found, declared) ? declared : found;
}
