/*
 * Vulnerabilities, statutes, orders and articles.
 */
#include <stdio.h>

#include "common/base/base.h"
#include "common/text/pieces.h"

static int key_cve(const pc_pieces *p, char *out)
{
    if (p->n != 3 || !pc_piece_is(p, 0, "cve") ||
        !pc_piece_digits(p, 1, 4, 4) || !pc_piece_digits(p, 2, 4, 9) ||
        (p->v[2].mark != '-' && p->v[2].mark != ' '))
        return 0;
    return snprintf(out, PC_IDENT_MAX, "cve:%.*s-%.*s", PC_PIECE(p, 1),
                    PC_PIECE(p, 2));
}

static int key_cwe(const pc_pieces *p, char *out)
{
    if (p->n != 2 || !pc_piece_is(p, 0, "cwe") || !pc_piece_digits(p, 1, 1, 5))
        return 0;
    return snprintf(out, PC_IDENT_MAX, "cwe:%.*s", PC_PIECE(p, 1));
}

static const char *const section_words[] = {
    "s", "ss", "sec", "section", "sect", "sections", "part", NULL};

/* "10 USC 2304", "42 USC Sec. 2000e-2", "22 CFR Part 120.1" */
static int key_code(const pc_pieces *p, char *out)
{
    bool usc = pc_piece_is(p, 1, "usc") || pc_piece_is(p, 1, "usca");
    uint32_t i = 2;
    if (!pc_piece_digits(p, 0, 1, 2) || (!usc && !pc_piece_is(p, 1, "cfr")))
        return 0;
    i += pc_piece_is_any(p, i, section_words);
    if (i >= p->n || !p->v[i].number)
        return 0;
    int n = snprintf(out, PC_IDENT_MAX, "%s:%.*s/%.*s", usc ? "usc" : "cfr",
                     PC_PIECE(p, 0), PC_PIECE(p, i));
    if (i + 1 == p->n)
        return n;
    if (i + 2 != p->n || p->v[i + 1].mark != '-' || p->v[i + 1].len > 6)
        return 0;
    return n + snprintf(out + n, PC_IDENT_MAX - (size_t)n, "-%.*s",
                        PC_PIECE(p, i + 1));
}

/* "Public Law 107-56", "Pub. L. No. 107-56", "P.L. 107-56" */
static int key_law(const pc_pieces *p, char *out)
{
    uint32_t i = 0;
    if (pc_piece_is(p, 0, "pl"))
        i = 1;
    else if ((pc_piece_is(p, 0, "pub") && pc_piece_is(p, 1, "l")) ||
             (pc_piece_is(p, 0, "public") && pc_piece_is(p, 1, "law")))
        i = 2;
    else if (pc_piece_is(p, 0, "publ"))
        i = 1;
    if (i == 0)
        return 0;
    i += pc_piece_is(p, i, "no");
    if (i + 2 != p->n || !pc_piece_digits(p, i, 2, 3) ||
        !pc_piece_digits(p, i + 1, 1, 4) || p->v[i + 1].mark != '-')
        return 0;
    return snprintf(out, PC_IDENT_MAX, "pl:%.*s-%.*s", PC_PIECE(p, i),
                    PC_PIECE(p, i + 1));
}

/* "Executive Order 13636", "E.O. 13,636" */
static int key_order(const pc_pieces *p, char *out)
{
    uint32_t i = pc_piece_is(p, 0, "eo") ? 1 : 0;
    if ((pc_piece_is(p, 0, "executive") || pc_piece_is(p, 0, "exec")) &&
        (pc_piece_is(p, 1, "order") || pc_piece_is(p, 1, "orders")))
        i = 2;
    if (i == 0)
        return 0;
    i += pc_piece_is(p, i, "no") || pc_piece_is(p, i, "nos");
    if (i + 1 != p->n || !pc_piece_digits(p, i, 4, 5))
        return 0;
    return snprintf(out, PC_IDENT_MAX, "eo:%.*s", PC_PIECE(p, i));
}

static int key_article(const pc_pieces *p, char *out)
{
    static const char *const names[] = {
        "art",      "article",  "articles", "arts",     "artikel",
        "articulo", "articolo", "artigo",   "artikels", NULL};
    if (p->n != 2 || !pc_piece_is_any(p, 0, names) ||
        !pc_piece_digits(p, 1, 1, 3) || p->v[1].mark == '-')
        return 0;
    return snprintf(out, PC_IDENT_MAX, "art:%.*s", PC_PIECE(p, 1));
}

int pc_ident_law(const pc_pieces *p, char *out)
{
    static int (*const types[])(const pc_pieces *, char *) = {
        key_cve, key_cwe, key_code, key_law, key_order, key_article};
    int n = 0;
    for (size_t i = 0; i < PC_COUNTOF(types) && n == 0; i++)
        n = types[i](p, out);
    return n;
}
