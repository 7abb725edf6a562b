/*
 * Addresses: of mail, of the web, of hosts; and hashes. They are kept whole
 * beside their parts: "email:jo@example.org", "url:example.org/a/b",
 * "ip:2001:db8:0:0:0:0:0:1". An address of four numbers and a hash are one
 * word as they are and need no other.
 */
#ifndef PARASOL_COMMON_TEXT_ADDRESS_H
#define PARASOL_COMMON_TEXT_ADDRESS_H

#include <stdbool.h>

#include "common/base/str.h"

/* Bytes of a text that one address may have. */
#define PC_ADDRESS_MAX 2000u

/* Where the address of mail around the sign @ at `at` begins and ends; false
   when there is none. Looks at PC_IDENT_MAX bytes on both sides. */
bool pc_address_mail(pc_str text, size_t at, size_t *start, size_t *end);

/* The end of the address that begins at `at` with http://, https://, ftp:// or
   www., or with the name of a host and a slash behind it; 0: there is none. */
size_t pc_address_web(pc_str text, size_t at);

/* The end of the address of eight groups (RFC 4291), shortened or not, that
   begins at `at`; 0: there is none. */
size_t pc_address_ip6(pc_str text, size_t at);

/*
 * The key of the address that `raw` is from its first to its last byte, in
 * out[0..PC_IDENT_MAX); its length, 0 when it is none. Small letters; of the
 * web without scheme, www. and a last slash, what is long cut with a hash of
 * the whole behind it; of hosts with all groups.
 */
size_t pc_address_key(pc_str raw, char *out);

/* The same for a value of which the type is said: email, url, ip, hash. Of the
   types that are one word, that word. */
size_t pc_address_typed(pc_str type, pc_str value, char *out);

#endif
