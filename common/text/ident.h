/*
 * Identifiers: references that mean one thing and are written with marks
 * between their parts ("CVE-2014-0160", "10 U.S.C. § 2304", "S/2014/189").
 * Each is a word of the index beside its parts, under a key of its type and
 * a canonical form: "cve:2014-0160", "usc:10/2304", "un:s/2014/189". No
 * other word holds a colon.
 *
 * | type | written | key |
 * | cve  | CVE-2014-0160, CVE 2014-0160             | cve:2014-0160 |
 * | cwe  | CWE-79                                   | cwe:79 |
 * | usc  | 10 U.S.C. § 2304, 10 USC Sec. 2304       | usc:10/2304 |
 * | cfr  | 22 C.F.R. § 120.1, 22 CFR Part 120       | cfr:22/120.1 |
 * | pl   | Public Law 107-56, Pub. L. No. 107-56    | pl:107-56 |
 * | eo   | Executive Order 13,636, E.O. 13636       | eo:13636 |
 * | un   | S/2014/189, UNSCR 1929, Security Council | un:s/2014/189, |
 * |      | Resolution 1929, resolution 1929 (2010), | un:s/res/1929 |
 * |      | S/RES/1929                               | |
 * |      | General Assembly resolution 70/237,      | un:a/res/70/237 |
 * |      | A/RES/70/237                             | |
 * | eu   | Directive (EU) 2016/1148, 2016/1148/EU   | eu:2016/1148 |
 * |      | Regulation (EC) No 881/2002              | eu:881/2002 |
 * | celex | 32016R0679                              | celex:32016r0679, |
 * |      |                                          | eu:2016/679  |
 * | art  | Article 5, Art. 5                        | art:5 |
 * | date | 2014-06-12, June 12, 2014, 12 June 2014, | date:2014-06-12 |
 * |      | 12.06.2014, 12 juin 2014                 | |
 *
 * Addresses of mail, of the web and of hosts, and hashes (address.h) are
 * others: email:, url:, ip:, hash:.
 */
#ifndef PARASOL_COMMON_TEXT_IDENT_H
#define PARASOL_COMMON_TEXT_IDENT_H

#include <stdbool.h>

#include "common/base/str.h"

/* Bytes of the longest key, and of the longest text that is looked at; web
   addresses may be longer (PC_ADDRESS_MAX). */
#define PC_IDENT_MAX 96u

/* Is that a number of EUR-Lex: one digit of a sector, a year, one or two
   letters, and a number (32016R0679)? How many letters, 0 when it is none. */
#define PC_CELEX_PARTS 4u
uint32_t pc_ident_celex(pc_str raw);

/* The key of the identifier that `raw` is from its first to its last byte,
   in out[0..PC_IDENT_MAX); its length, 0 when it is none. Linear. */
size_t pc_ident_key(pc_str raw, char *out);

/*
 * For identifiers that begin with words and end with a number ("Executive
 * Order 13636"): the number is at [start, end) in `text`. Where the
 * identifier begins; `start` when there is none. Looks at most at
 * PC_IDENT_MAX bytes before.
 */
uint32_t pc_ident_begin(const char *text, uint32_t start, uint32_t end);

/* True for the types of the tables above. */
bool pc_ident_is_type(pc_str type);

/* True when key[0..n) is a key of the type. */
bool pc_ident_has_type(const char *key, size_t n, pc_str type);

/*
 * The key of `value` of that type, as in the query cve:2014-0160: the value is
 * written with or without what the type implies ("2014-0160",
 * "CVE-2014-0160"; "10/2304", "10 USC 2304"). Length of the key in
 * out[0..PC_IDENT_MAX), 0 when the value is none of that type.
 */
size_t pc_ident_typed(pc_str type, pc_str value, char *out);

#endif
