/*
 * What the formats share: each fills the pi_extract it is given from text
 * that is UTF-8 already, leaves title or date empty where it finds none, and
 * fails with NOMEM alone.
 */
#ifndef PARASOL_INDEXER_EXTRACT_FORMAT_H
#define PARASOL_INDEXER_EXTRACT_FORMAT_H

#include "common/base/buf.h"
#include "indexer/extract/extract.h"

/* Titles are cut here, at a character. */
#define PI_TITLE_MAX 512
/* Larger Markdown is read as plain text. */
#define PI_MARKDOWN_MAX ((size_t)16 << 20)
/* Fields of one document beyond which further ones are dropped. */
#define PI_META_MAX 256

/* Plain text; `source`: program or configuration text, whose first line is
   no title. */
int pi_plain_extract(pi_extract *out, pc_str text, bool source, pc_arena *arena,
                     parasol_error *err) PC_MUST_USE;

int pi_markdown_extract(pi_extract *out, pc_str text, pc_arena *arena,
                        parasol_error *err) PC_MUST_USE;

int pi_html_extract(pi_extract *out, pc_str text, pc_arena *arena,
                    parasol_error *err) PC_MUST_USE;

/*
 * Files a field of the document under its place: title, date and lang in
 * *out where they are still empty, all others, and a date that is not
 * understood, among the metadata. Name and value are cleaned and copied;
 * an empty value is passed over.
 */
int pi_extract_field(pi_extract *out, pc_str name, pc_str value,
                     pc_arena *arena, parasol_error *err) PC_MUST_USE;

/* Sets the title to `s` on one line, if that holds a word. */
int pi_extract_title(pi_extract *out, pc_str s, pc_arena *arena,
                     parasol_error *err) PC_MUST_USE;

/* Copies the finished text. */
int pi_extract_text(pi_extract *out, const pc_buf *text, pc_arena *arena,
                    parasol_error *err) PC_MUST_USE;

/* True when `s` holds a letter or a digit of any script. */
bool pi_has_word(pc_str s);

#endif
