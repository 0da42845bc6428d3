"""A short name of a category, for cards, tags and walls, where the whole one would be cut."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SHORT = {
    "DARURAT_NYAWA": ("Ancaman jiwa", "Threat to life"),
    "CURAS_BEGAL": ("", "Robbery / snatching"),
    "TAWURAN_GENG": ("Tawuran / geng motor", "Brawl / biker gang"),
    "ANIAYA": ("Penganiayaan", ""),
    "KDRT_PPA": ("KDRT, perempuan, anak", "Domestic violence"),
    "BUNUH": ("Pembunuhan, mayat", "Homicide, body"),
    "BOM_TEROR": ("Bom, benda curiga", "Bomb, suspect object"),
    "LAKA": ("Laka, ada korban", "Accident, injured"),
    "BENCANA": ("Banjir, pohon, bencana", ""),
    "CURAT": ("Curat, rumah dibongkar", "Burglary"),
    "PERAS_PREMAN": ("Pemerasan, preman", "Extortion, thugs"),
    "KERIBUTAN": ("Keributan, bising", ""),
    "MACET": ("Macet, parkir liar", "Congestion, parking"),
    "BARANG_HILANG": ("Barang, dokumen hilang", ""),
    "PUNGLI": ("Pungli", ""),
    "OKNUM": ("Pengaduan anggota", "About an officer"),
    "INFO_LAYANAN": ("Info SIM, SKCK", ""),
    "PALSU": ("Palsu, kosong", "Prank, empty call"),
}


def upgrade() -> None:
    with op.batch_alter_table("category", schema=None) as batch_op:
        for name in ("short_id", "short_en"):
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
    category = sa.table("category", *(sa.column(name, sa.String()) for name in ("code", "short_id", "short_en")))
    for code, (short_id, short_en) in SHORT.items():
        named = sa.update(category).where(category.c.code == code)
        op.execute(named.values(short_id=short_id, short_en=short_en))


def downgrade() -> None:
    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.drop_column("short_en")
        batch_op.drop_column("short_id")
