/*
 * The numbers of the on-disk format and nothing else; docs/format.md says
 * what they mean. A number that was ever released is never given another
 * meaning.
 */
#ifndef PARASOL_COMMON_FORMAT_MAGIC_H
#define PARASOL_COMMON_FORMAT_MAGIC_H

/* First eight bytes of a sealed file, and of its footer. */
#define PC_MAGIC_SEALED "PARASOL\n"
/* First eight bytes of a manifest. */
#define PC_MAGIC_MANIFEST "PARAMANI"
/* First eight bytes of a packed index. */
#define PC_MAGIC_PACK "PARAPACK"
#define PC_MAGIC_LEN 8u

/* Kinds of sealed files. */
#define PC_KIND_SEGMENT 1u
#define PC_KIND_SKIPS 2u
#define PC_KIND_LIVE 3u
#define PC_KIND_FILES 4u

/* Sections of sealed files. */
#define PC_SECTION_META 1u
#define PC_SECTION_TERMS 2u
#define PC_SECTION_TERM_INDEX 3u
#define PC_SECTION_POSTINGS 4u
#define PC_SECTION_POSITIONS 5u
#define PC_SECTION_NORMS 6u
#define PC_SECTION_DOC_TABLE 7u
#define PC_SECTION_DOC_FIELDS 8u
#define PC_SECTION_TEXT 9u
#define PC_SECTION_TEXT_INDEX 10u
#define PC_SECTION_FIELDS_INDEX 11u
#define PC_SECTION_SKIPS 12u
#define PC_SECTION_ORDER 13u
#define PC_SECTION_COLUMNS 14u
#define PC_SECTION_IDS 15u
#define PC_SECTION_LIVE 16u
#define PC_SECTION_FILES 17u
#define PC_SECTION_LANGUAGES 18u

/* Geometry of a sealed file. */
#define PC_PAGE_BITS 12u
#define PC_PAGE_SIZE 4096u                /* bytes under one checksum */
#define PC_SECTION_ALIGN 64u              /* where sections start */
#define PC_SEALED_HEADER 64u              /* bytes */
#define PC_SEALED_FOOTER 64u              /* bytes */
#define PC_SEALED_TOC_ENTRY 24u           /* bytes */
#define PC_SECTIONS_MAX 64u               /* sections in one file */
#define PC_SEALED_MAX ((uint64_t)1 << 46) /* bytes of one file */

/* Stored fields and text. */
#define PC_FIELDS_BLOCK 16384u /* raw bytes of a block */
#define PC_TEXT_BLOCK 65536u
#define PC_STORE_INDEX_HEAD 16u /* bytes before the offsets */
#define PC_STORE_FIELDS_MIN 3u  /* path, title, date */

/* Columns. */
#define PC_COLUMNS_MAX 4096u     /* fields in a segment */
#define PC_COLUMN_NAME_MAX 64u   /* bytes */
#define PC_COLUMN_VALUE_MAX 256u /* bytes */
#define PC_COLUMNS_HEAD 16u      /* bytes before the entries */
#define PC_COLUMN_ENTRY 48u      /* bytes of an entry */

/* Dead documents. */
#define PC_LIVE_HEAD 8u /* bytes before the gaps */

/* Catalogs of files. */
#define PC_FILES_BLOCK 64u    /* entries of a block */
#define PC_FILES_TAIL 48u     /* bytes at the end */
#define PC_FILES_GITIGNORE 1u /* flag: its rules counted */

/* Documents in one segment. */
#define PC_DOCS_MAX 0x7fffffffu

/* Manifest. */
#define PC_MANIFEST_MAX ((uint64_t)64 << 20) /* bytes */
#define PC_MANIFEST_SKIPS 16u                /* counters of skip reasons */
#define PC_MANIFEST_HEAD 232u                /* bytes before the segments */
#define PC_MANIFEST_ENTRY 48u                /* bytes of one segment */
#define PC_SEGMENTS_MAX 4096u                /* segments of one commit */
#define PC_MANIFEST_RELAXED 1u               /* flag: not durable */
#define PC_SPEC_MAX 4096u                    /* bytes of analyzer_spec */

/* Packed index. */
#define PC_PACK_HEADER 64u /* bytes */
#define PC_PACK_ENTRY 32u  /* bytes of one file in the table */
#define PC_PACK_FILES_MAX (2u * PC_SEGMENTS_MAX + 3u)

#endif
