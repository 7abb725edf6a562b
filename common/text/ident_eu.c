/*
 * Acts of the European Union. Their numbers are unique enough without the kind
 * of act, which is left out as often as not; the order of year and number is
 * that in which they are always written.
 */
#include <stdio.h>

#include "common/base/base.h"
#include "common/text/pieces.h"

static const char *const acts[] = {
    "directive",   "directives", "regulation", "regulations", "decision",
    "decisions",   "position",   "action",     "richtlinie",  "verordnung",
    "beschluss",   "reglement",  "directiva",  "reglamento",  "direttiva",
    "regolamento", NULL};

static const char *const bodies[] = {"eu", "ec", "eec", "euratom",
                                     "ce", "eg", "ue",  NULL};

/* Acts of foreign policy and justice count for themselves where their letters
   stand behind the number, as they did until 2014. */
static const char *const pillars[] = {"cfsp", "jha", NULL};

/* Words before the kind of act: whose it is, and what for. */
static const char *const before[] = {"council",      "commission", "joint",
                                     "implementing", "delegated",  "common",
                                     "framework",    NULL};

/* "2016/1148", "881/2002", "95/46": from piece i on, one of them a year. */
static bool is_number(const pc_pieces *p, uint32_t i)
{
    return i + 1 < p->n && p->v[i + 1].mark == '/' &&
           pc_piece_digits(p, i, 2, 4) && pc_piece_digits(p, i + 1, 1, 4) &&
           (p->v[i].len == 2 || p->v[i + 1].len == 2 || pc_piece_year(p, i) ||
            pc_piece_year(p, i + 1));
}

static int number_of(const char *digits, uint32_t n)
{
    int value = 0;
    for (uint32_t i = 0; i < n; i++)
        value = 10 * value + (digits[i] - '0');
    return value;
}

uint32_t pc_ident_celex(pc_str raw)
{
    uint32_t letters = 0, digits = 0;
    if (raw.len < 9 || raw.len > 11)
        return 0;
    const char *p = raw.ptr, *end = raw.ptr + raw.len;
    for (size_t i = 0; i < 5; i++)
        if (!pc_is_digit(p[i]))
            return 0;
    int year = number_of(p + 1, 4);
    for (p += 5; p < end && pc_is_letter(*p); p++)
        letters++;
    for (; p < end && pc_is_digit(*p); p++)
        digits++;
    /* Articles of treaties have three digits. */
    bool fits = digits == 4 || (digits == 3 && raw.ptr[0] == '1');
    return p == end && fits && letters >= 1 && letters <= 2 && year >= 1950 &&
                   year < 2060
               ? letters
               : 0;
}

/* What EUR-Lex calls by one word: 32016R0679; and its regulations, directives
   and decisions without the sector, 2016R0679, as they are called elsewhere. */
static int key_lex(const pc_piece *v, char *out)
{
    if (pc_ident_celex((pc_str){v->ptr, v->len}))
        return snprintf(out, PC_IDENT_MAX, "celex:%.*s", (int)v->len, v->ptr);
    char act[10] = "3";
    if (v->len != 9 || !strchr("rld", v->ptr[4]))
        return 0;
    memcpy(act + 1, v->ptr, 9);
    if (!pc_ident_celex((pc_str){act, sizeof act}))
        return 0;
    int year = number_of(v->ptr, 4), number = number_of(v->ptr + 5, 4);
    bool behind = v->ptr[4] == 'r' && year < 2015;
    int shown = year < 1999 ? year % 100 : year;
    return snprintf(out, PC_IDENT_MAX, "eu:%02d/%02d", behind ? number : shown,
                    behind ? shown : number);
}

/*
 * "Directive (EU) 2016/1148", "Council Regulation (EC) No 881/2002",
 * "95/46/EC", "Decision 2014/145/CFSP", "Decision (CFSP) 2015/1333"
 */
int pc_ident_eu(const pc_pieces *p, char *out)
{
    if (p->n == 1)
        return key_lex(&p->v[0], out);
    if (p->v[p->n - 1].mark != '/')
        return 0; /* as most */
    uint32_t i = 0;
    while (pc_piece_is_any(p, i, before))
        i++;
    bool act = pc_piece_is_any(p, i, acts);
    i = act ? i + 1 : 0;
    while (act &&
           (pc_piece_is_any(p, i, bodies) || pc_piece_is_any(p, i, pillars)))
        i++;
    if (act)
        i += pc_piece_is(p, i, "no") || pc_piece_is(p, i, "nr") ||
             pc_piece_is(p, i, "n");
    if (!is_number(p, i))
        return 0;
    uint32_t behind = i + 2;
    bool body = behind < p->n && p->v[behind].mark == '/' &&
                pc_piece_is_any(p, behind, bodies);
    bool pillar = behind < p->n && p->v[behind].mark == '/' &&
                  pc_piece_is_any(p, behind, pillars);
    if (behind + (body || pillar) != p->n || !(act || body || pillar))
        return 0;
    int n = snprintf(out, PC_IDENT_MAX, "eu:%.*s/%.*s", PC_PIECE(p, i),
                     PC_PIECE(p, i + 1));
    if (pillar)
        n += snprintf(out + n, PC_IDENT_MAX - (size_t)n, "/%.*s",
                      PC_PIECE(p, behind));
    return n;
}
