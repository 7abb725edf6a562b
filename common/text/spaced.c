/*
 * Acronyms and numbers with spaces, or brackets.
 */
#include "common/text/spaced.h"

#include "common/base/base.h"

static bool is_upper(char c)
{
    return (uint8_t)(c - 'A') < 26;
}

static bool is_digit(char c)
{
    return (uint8_t)(c - '0') < 10;
}

/* Bytes of a space that does not break a line. */
static size_t fixed_space(pc_str text, size_t at)
{
    static const char *const spaces[] = {"\u00A0", "\u202F", "\u2009"};
    for (size_t i = 0; i < PC_COUNTOF(spaces); i++) {
        pc_str s = pc_str_of(spaces[i]);
        if (at + s.len <= text.len && memcmp(text.ptr + at, s.ptr, s.len) == 0)
            return s.len;
    }
    return 0;
}

static size_t any_space(pc_str text, size_t at)
{
    if (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\n'))
        return 1;
    return at < text.len && (uint8_t)text.ptr[at] >= 0x80
               ? fixed_space(text, at)
               : 0;
}

/* A capital and a full stop. */
static bool is_dotted(pc_str text, size_t at)
{
    return at + 1 < text.len && is_upper(text.ptr[at]) &&
           text.ptr[at + 1] == '.';
}

size_t pc_spaced_acronym(pc_str text, size_t at)
{
    size_t end = 0;
    if (!is_dotted(text, at))
        return 0;
    for (;;) {
        size_t space = any_space(text, at + 2);
        if (space == 0 || !is_dotted(text, at + 2 + space))
            return end;
        at += 2 + space;
        end = at + 1;
    }
}

size_t pc_spaced_known(pc_str text, size_t at)
{
    static const char known[] = " us usa ussr usaf uscg usmc usc usca un uk eu "
                                "uae cfr eo dc prc gdr frg ";
    char key[8] = " ";
    size_t n = 0, best = 0, stop = pc_spaced_acronym(text, at);
    for (size_t i = at; i < stop && n + 3 < sizeof key; i++) {
        if (!is_upper(text.ptr[i]))
            continue;
        key[++n] = (char)(text.ptr[i] | 0x20);
        key[n + 1] = ' ';
        key[n + 2] = 0;
        if (n > 1 && strstr(known, key))
            best = i + 1;
    }
    /* A bill, unless they are initials: H. R. 1960. */
    if (stop > 0 && stop - at <= 5 && text.ptr[at] == 'H' &&
        text.ptr[stop - 1] == 'R') {
        size_t space = any_space(text, stop + 1);
        if (space && stop + 1 + space < text.len &&
            is_digit(text.ptr[stop + 1 + space]))
            return stop;
    }
    return best;
}

size_t pc_spaced_acronym_begin(const char *text, size_t at, size_t least)
{
    while (at >= least + 3 && (text[at - 1] == ' ' || text[at - 1] == '\n') &&
           text[at - 2] == '.' && is_upper(text[at - 3]) &&
           (at == least + 3 || text[at - 4] == ' ' || text[at - 4] == '\n'))
        at -= 3;
    return at;
}

size_t pc_spaced_number(pc_str text, size_t at)
{
    size_t n = 0, end = 0;
    while (at + n < text.len && is_digit(text.ptr[at + n]))
        n++;
    if (n == 0 || n > 3)
        return 0;
    at += n;
    for (;;) {
        size_t space = fixed_space(text, at);
        size_t digits = 0;
        if (space == 0)
            return end;
        at += space;
        while (at + digits < text.len && digits < 4 &&
               is_digit(text.ptr[at + digits]))
            digits++;
        if (digits != 3)
            return end;
        at += digits;
        end = at;
    }
}

size_t pc_spaced_host(pc_str text, size_t at)
{
    bool brackets = false;
    for (unsigned parts = 1;; parts++) {
        size_t digits = 0;
        while (at < text.len && is_digit(text.ptr[at])) {
            at++;
            digits++;
        }
        if (digits == 0 || digits > 3)
            return 0;
        if (parts == 4)
            return brackets ? at : 0;
        if (at + 3 <= text.len && memcmp(text.ptr + at, "[.]", 3) == 0) {
            brackets = true;
            at += 3;
        } else if (at < text.len && text.ptr[at] == '.') {
            at++;
        } else {
            return 0;
        }
    }
}

size_t pc_spaced_possessive(pc_str text, size_t at)
{
    if (at < text.len && text.ptr[at] == '\'')
        at += 1;
    else if (at + 3 < text.len && memcmp(text.ptr + at, "\u2019", 3) == 0)
        at += 3;
    else
        return 0;
    if (at >= text.len || text.ptr[at] != 's')
        return 0;
    at++;
    bool goes_on = at < text.len &&
                   (is_upper((char)(text.ptr[at] & ~0x20)) ||
                    is_digit(text.ptr[at]) || (uint8_t)text.ptr[at] > 0xC2);
    return goes_on ? 0 : at;
}

size_t pc_spaced_decade(pc_str text, size_t at)
{
    size_t n = 0;
    while (at + n < text.len && n < 5 && is_digit(text.ptr[at + n]))
        n++;
    return (n == 2 || n == 4) && text.ptr[at + n - 1] == '0'
               ? pc_spaced_possessive(text, at + n)
               : 0;
}

/* The bytes of a percent sign: %, ％, ٪. */
static size_t percent_sign(pc_str text, size_t at)
{
    static const char *const signs[] = {"%", "\uFF05", "\u066A"};
    if (at >= text.len || !strchr("%\xEF\xD9", text.ptr[at]))
        return 0; /* as mostly */
    for (size_t i = 0; i < PC_COUNTOF(signs); i++) {
        pc_str s = pc_str_of(signs[i]);
        if (at + s.len <= text.len && memcmp(text.ptr + at, s.ptr, s.len) == 0)
            return s.len;
    }
    return 0;
}

size_t pc_percent_behind(pc_str text, size_t at, size_t *start)
{
    if (at < text.len && text.ptr[at] == ' ')
        at += 1;
    else if (at < text.len && (uint8_t)text.ptr[at] >= 0x80)
        at += fixed_space(text, at);
    size_t end = at + percent_sign(text, at);
    bool goes_on = end < text.len && (is_upper((char)(text.ptr[end] & ~0x20)) ||
                                      is_digit(text.ptr[end]));
    *start = at;
    return end > at && !goes_on ? end : 0;
}
