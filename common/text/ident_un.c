/*
 * Documents of the United Nations.
 */
#include <stdio.h>

#include "common/base/base.h"
#include "common/text/pieces.h"

static const char *const resolutions[] = {
    "resolution", "res",         "resolutions", "resolucion", "resoluciones",
    "resolucao",  "risoluzione", "resolutie",   NULL};

/* "A/RES/70/237" as "General Assembly resolution 70/237" and "resolution
   70/237": only this body and the next number by session. "Human Rights
   Council resolution 16/18" */
static int key_session(const pc_pieces *p, char *out)
{
    uint32_t i = pc_piece_is(p, 0, "un");
    bool rights = false;
    if (p->v[p->n - 1].mark != '/')
        return 0; /* as most */
    if (pc_piece_is(p, i, "united") && pc_piece_is(p, i + 1, "nations"))
        i += 2;
    if (pc_piece_is(p, i, "unga") || pc_piece_is(p, i, "ga")) {
        i++;
    } else if (pc_piece_is(p, i, "general") &&
               pc_piece_is(p, i + 1, "assembly")) {
        i += 2;
    } else if (pc_piece_is(p, i, "hrc") || pc_piece_is(p, i, "unhrc")) {
        rights = true;
        i++;
    } else if (pc_piece_is(p, i, "human") && pc_piece_is(p, i + 1, "rights") &&
               pc_piece_is(p, i + 2, "council")) {
        rights = true;
        i += 3;
    }
    if (!pc_piece_is_any(p, i, resolutions))
        return 0;
    i++;
    i += pc_piece_is(p, i, "no");
    if (i + 2 != p->n || !pc_piece_digits(p, i, 1, 2) ||
        !pc_piece_digits(p, i + 1, 1, 3) || p->v[i + 1].mark != '/')
        return 0;
    return snprintf(out, PC_IDENT_MAX, "un:a/%sres/%.*s/%.*s",
                    rights ? "hrc/" : "", PC_PIECE(p, i), PC_PIECE(p, i + 1));
}

/* "UNSCR 1929", "UN Security Council Resolution 1929", "resolution 1929
   (2010)" */
static int key_resolution(const pc_pieces *p, char *out)
{
    uint32_t i = 0;
    i += pc_piece_is(p, i, "un");
    if (pc_piece_is(p, i, "united") && pc_piece_is(p, i + 1, "nations"))
        i += 2;
    if (pc_piece_is(p, i, "unscr") || pc_piece_is(p, i, "scr"))
        i++;
    else if ((pc_piece_is(p, i, "unsc") || pc_piece_is(p, i, "sc")) &&
             pc_piece_is_any(p, i + 1, resolutions))
        i += 2;
    else if (pc_piece_is(p, i, "security") &&
             pc_piece_is(p, i + 1, "council") &&
             pc_piece_is_any(p, i + 2, resolutions))
        i += 3;
    else if (i > 0 && pc_piece_is_any(p, i, resolutions) &&
             (pc_piece_digits(p, i + 1, 3, 4) || pc_piece_is(p, i + 1, "no")))
        i += 1; /* UN resolution 1540: the Council's, mostly */
    else if (i == 0 && pc_piece_is_any(p, 0, resolutions) && p->n == 3)
        i = 1; /* only with its year, or as No. */
    else
        return 0;
    i += pc_piece_is(p, i, "no");
    bool year =
        i + 2 == p->n && p->v[i + 1].mark == ' ' && pc_piece_year(p, i + 1);
    if (i + 1 + year != p->n ||
        (i == 1 && pc_piece_is_any(p, 0, resolutions) && !year) ||
        !pc_piece_digits(p, i, 1, 4))
        return 0;
    return snprintf(out, PC_IDENT_MAX, "un:s/res/%.*s", PC_PIECE(p, i));
}

/* A document of the United Nations and its bodies: parts between slashes. */
static int key_symbol(const pc_pieces *p, char *out)
{
    static const char *const bodies[] = {
        "a",    "s",    "e",     "st",    "cd",    "t",    "dp",  "td",
        "npt",  "ccw",  "bwc",   "ece",   "ccpr",  "cat",  "crc", "cerd",
        "unep", "fccc", "cedaw", "aplc",  "hri",   "crpd", "wha", "infcirc",
        "cbd",  "gov",  "isba",  "unodc", "escap", NULL};
    uint32_t slashes = 0, numbers = 0;
    int n = 0;
    if (p->n < 2 || p->v[1].mark != '/' || !pc_piece_is_any(p, 0, bodies))
        return 0;
    n = snprintf(out, PC_IDENT_MAX, "un:%.*s", PC_PIECE(p, 0));
    for (uint32_t i = 1; i < p->n; i++) {
        char mark = p->v[i].mark;
        if (p->v[i].len > 16)
            return 0;
        slashes += mark == '/';
        if (p->v[i].number)
            numbers += p->v[i].len;
        /* The year of a resolution in parentheses is not part of it. */
        if (mark == ' ' && i + 1 == p->n && pc_piece_digits(p, i, 4, 4) &&
            i >= 2)
            break;
        if (mark != '/' && mark != '.' && mark != '-')
            return 0;
        n += snprintf(out + n, PC_IDENT_MAX - (size_t)n, "%c%.*s", mark,
                      PC_PIECE(p, i));
        if (n >= (int)PC_IDENT_MAX)
            return 0;
    }
    return numbers > 0 && slashes + numbers > 2 ? n : 0;
}

int pc_ident_un(const pc_pieces *p, char *out)
{
    int n = key_resolution(p, out);
    if (n == 0)
        n = key_session(p, out);
    return n ? n : key_symbol(p, out);
}
