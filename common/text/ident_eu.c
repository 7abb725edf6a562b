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

/* Acts of foreign policy and justice count for themselves. */
static const char *const pillars[] = {"cfsp", "jha", NULL};

/* "2016/1148", "881/2002", "95/46": from piece i on, one of them a year. */
static bool is_number(const pc_pieces *p, uint32_t i)
{
    return i + 1 < p->n && p->v[i + 1].mark == '/' &&
           pc_piece_digits(p, i, 2, 4) && pc_piece_digits(p, i + 1, 1, 4) &&
           (p->v[i].len == 2 || p->v[i + 1].len == 2 || pc_piece_year(p, i) ||
            pc_piece_year(p, i + 1));
}

/*
 * "Directive (EU) 2016/1148", "Regulation (EC) No 881/2002", "95/46/EC",
 * "Decision 2014/145/CFSP"
 */
int pc_ident_eu(const pc_pieces *p, char *out)
{
    uint32_t i = pc_piece_is_any(p, 0, acts);
    bool act = i > 0;
    while (act && pc_piece_is_any(p, i, bodies))
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
