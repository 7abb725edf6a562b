/*
 * UAX #29 word boundaries. One pass over the code points keeps the class of
 * the last code point, and of the last one that is not Extend, Format or ZWJ
 * (rule WB4 makes those invisible). The rules that look two code points ahead
 * (WB6, WB7b, WB12) do so when they meet the mark in the middle.
 */
#include "common/text/word_break.h"

#include <string.h>

#include "common/text/ucd_tables.h"
#include "common/text/utf8.h"

#define BIT(wb) (1u << (wb))
#define AHLETTER (BIT(PC_WB_ALETTER) | BIT(PC_WB_HEBREW_LETTER))
#define INVISIBLE (BIT(PC_WB_EXTEND) | BIT(PC_WB_FORMAT) | BIT(PC_WB_ZWJ))
#define LINE_END (BIT(PC_WB_CR) | BIT(PC_WB_LF) | BIT(PC_WB_NEWLINE))
#define MID_LETTER                                                             \
    (BIT(PC_WB_MIDLETTER) | BIT(PC_WB_MIDNUMLET) | BIT(PC_WB_SINGLE_QUOTE))
#define MID_NUM                                                                \
    (BIT(PC_WB_MIDNUM) | BIT(PC_WB_MIDNUMLET) | BIT(PC_WB_SINGLE_QUOTE))
#define JOINED_BY_UNDERSCORE                                                   \
    (AHLETTER | BIT(PC_WB_NUMERIC) | BIT(PC_WB_KATAKANA) |                     \
     BIT(PC_WB_EXTENDNUMLET))

enum rules { RULES_STANDARD, RULES_TOKENS };

typedef struct scan {
    const char *text;
    const char *end;
    enum rules rules;
} scan;

/* A code point read from the text. */
typedef struct unit {
    const char *next; /* behind it */
    uint32_t cp;
    uint16_t flags; /* its pc_ucd_class() */
    uint32_t wb;    /* BIT(class), as the rules in use see it */
} unit;

static inline unit read_unit(const scan *s, const char *p)
{
    unit u;
    u.next = p;
    u.cp = pc_utf8_next(&u.next, s->end);
    u.flags = pc_ucd_class(u.cp);
    u.wb = BIT(u.flags & PC_WB_MASK);
    if (s->rules == RULES_TOKENS &&
        ((u.flags & PC_UCD_GRAM) || u.wb == BIT(PC_WB_KATAKANA)))
        u.wb = BIT(PC_WB_OTHER);
    else if (s->rules == RULES_TOKENS && u.cp - 0x2080 < 10)
        u.wb = BIT(PC_WB_NUMERIC); /* H₂O */
    return u;
}

/* The class of the first visible code point from p on, 0 at the end. */
static uint32_t look_ahead(const scan *s, const char *p)
{
    while (p < s->end) {
        unit u = read_unit(s, p);
        if (!(u.wb & INVISIBLE))
            return u.wb;
        p = u.next;
    }
    return 0;
}

/* Rules WB6 to WB7c, WB11 and WB12: does `u` stand inside a word or number
   that goes on behind it? */
static bool mid_joins(const scan *s, uint32_t left, const unit *u)
{
    uint32_t right = 0;
    if ((left & AHLETTER) && (u->wb & MID_LETTER))
        right = AHLETTER;
    else if ((left & BIT(PC_WB_NUMERIC)) && (u->wb & MID_NUM))
        right = BIT(PC_WB_NUMERIC);
    else if ((left & BIT(PC_WB_HEBREW_LETTER)) &&
             (u->wb & BIT(PC_WB_DOUBLE_QUOTE)))
        right = BIT(PC_WB_HEBREW_LETTER);
    return right != 0 && (look_ahead(s, u->next) & right) != 0;
}

/* Rules WB5, WB8 to WB10 and WB13 to WB13b: two visible neighbours. */
static inline bool pair_joins(uint32_t left, uint32_t right)
{
    const uint32_t word = AHLETTER | BIT(PC_WB_NUMERIC);
    if (left & word)
        return (right & (word | BIT(PC_WB_EXTENDNUMLET))) != 0;
    if (left & BIT(PC_WB_EXTENDNUMLET))
        return (right & JOINED_BY_UNDERSCORE) != 0;
    if (left & BIT(PC_WB_KATAKANA))
        return (right & (BIT(PC_WB_KATAKANA) | BIT(PC_WB_EXTENDNUMLET))) != 0;
    return false;
}

static size_t line_end_hyphen(const char *text, size_t len, size_t at,
                              unit *small)
{
    size_t i = at;
    if (text[i] == '-')
        i += 1;
    else if (len - i > 3 && memcmp(text + i, "\xE2\x80\x90", 3) == 0)
        i += 3;
    else if (i < 2 || memcmp(text + i - 2, "\xC2\xAD", 2) != 0)
        return at; /* a soft one has been passed over */
    if (i < len && text[i] == '\r')
        i++;
    if (i >= len || text[i] != '\n' || i + 1 >= len)
        return at;
    i++;
    scan s = {text, text + len, RULES_TOKENS};
    *small = read_unit(&s, text + i);
    return (small->flags & PC_UCD_LOWER) && (small->wb & AHLETTER) ? i : at;
}

size_t pc_word_hyphen_join(const char *text, size_t len, size_t at)
{
    unit small;
    return line_end_hyphen(text, len, at, &small);
}

/* What a scan remembers of the code points before. */
typedef struct state {
    uint32_t last;    /* class of the one just before */
    uint32_t visible; /* the same, WB4 applied */
    unsigned regions; /* regional indicators in a row */
    bool mid;         /* the last visible one promised a letter or digit */
} state;

/* Does the segment go on with the visible code point u? */
static inline bool visible_joins(const scan *s, state *st, const unit *u)
{
    const uint32_t left = st->visible;
    if (st->mid) {
        st->mid = false; /* kept; WB3c may have the same wish */
        return true;
    }
    if (pair_joins(left, u->wb))
        return true;
    if ((st->last == BIT(PC_WB_ZWJ) && (u->flags & PC_UCD_EXTPICT)) ||
        (st->last & u->wb & BIT(PC_WB_WSEGSPACE)))
        return true; /* WB3c, WB3d */
    if (mid_joins(s, left, u)) {
        st->mid = true;
        return true;
    }
    if ((left & BIT(PC_WB_HEBREW_LETTER)) && (u->wb & BIT(PC_WB_SINGLE_QUOTE)))
        return true; /* WB7a */
    if ((left & u->wb & BIT(PC_WB_REGIONAL_INDICATOR)) && st->regions == 1) {
        st->regions = 2; /* WB15, WB16: in pairs */
        return true;
    }
    return false;
}

static inline pc_word_segment scan_segment(const char *text, size_t len,
                                           size_t at, enum rules rules)
{
    const scan s = {text, text + len, rules};
    unit u = read_unit(&s, text + at);
    const char *p = u.next;
    state st = {u.wb, u.wb, 1, false};
    uint16_t flags = u.flags;
    uint32_t all = u.cp;
    while (p < s.end) {
        u = read_unit(&s, p);
        if (st.last & LINE_END) {
            if (st.last != BIT(PC_WB_CR) || u.wb != BIT(PC_WB_LF))
                break; /* WB3, WB3a */
            st.visible = u.wb;
        } else if (!(u.wb & INVISIBLE)) {
            if (!visible_joins(&s, &st, &u)) {
                size_t i = (size_t)(p - text);
                uint32_t hyphen = u.cp;
                if (rules != RULES_TOKENS || !(st.visible & AHLETTER) ||
                    line_end_hyphen(text, len, i, &u) == i)
                    break;
                all |= hyphen;
            }
            st.visible = u.wb;
        } /* WB4: the invisible change nothing */
        flags |= u.flags;
        all |= u.cp;
        p = u.next;
        st.last = u.wb;
    }
    return (pc_word_segment){(size_t)(p - text), flags, all < 0x80};
}

size_t pc_word_break_next(const char *text, size_t len, size_t at)
{
    return scan_segment(text, len, at, RULES_STANDARD).end;
}

pc_word_segment pc_word_segment_next(const char *text, size_t len, size_t at)
{
    return scan_segment(text, len, at, RULES_TOKENS);
}
