"""A kind of incident has a name that people say, and advice to whoever waits, both set by the command.

A word that the command chose itself stays: only what the city's facts had brought is brought up to date.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0019"
branch_labels = None
depends_on = None

# code: the word as it was brought, as it is said now, and in English
SAID = {
    "DARURAT_NYAWA": ("Bahaya", "Jiwa terancam", "Life in danger"),
    "CURAS_BEGAL": ("Begal & rampas", "Begal, jambret", "Robbed in the street"),
    "TAWURAN_GENG": ("Tawuran & geng", "Tawuran, geng motor", "Brawl, biker gang"),
    "ANIAYA": ("Kekerasan", "Dipukuli, dikeroyok", "Beaten, attacked"),
    "KDRT_PPA": ("KDRT & anak", "KDRT, anak", "Violence at home, a child"),
    "BUNUH": ("Kekerasan", "Orang dibunuh, mayat", "Killed, a body found"),
    "BOM_TEROR": ("Bahaya", "Benda mencurigakan, bom", "Suspicious object, bomb"),
    "LAKA": ("Lalu lintas", "Kecelakaan", "Road accident"),
    "KEBAKARAN": ("Kebakaran & bencana", "Kebakaran", "Fire"),
    "BENCANA": ("Kebakaran & bencana", "Banjir, pohon tumbang", "Flood, fallen tree"),
    "CURAT": ("Pencurian", "Pencurian, dibobol", "Theft, break-in"),
    "CURANMOR": ("Pencurian", "Motor atau mobil dicuri", "Motorbike or car stolen"),
    "PERAS_PREMAN": ("Kekerasan", "Diperas, diancam", "Extorted, threatened"),
    "NARKOBA": ("Lainnya", "Narkoba", "Drugs"),
    "JUDI": ("Lainnya", "Judi", "Gambling"),
    "BALAP_LIAR": ("Lalu lintas", "Balap liar", "Street racing"),
    "KERIBUTAN": ("Keributan", "Keributan, bising", "Disturbance, noise"),
    "UNRAS": ("Keributan", "Demo, kerumunan", "Protest, crowd"),
    "MACET": ("Lalu lintas", "Macet, parkir liar", "Traffic jam, parking"),
    "ORANG_HILANG": ("Lainnya", "Orang hilang", "Missing person"),
    "BARANG_HILANG": ("Lainnya", "Barang atau surat hilang", "Lost thing or paper"),
    "PENIPUAN": ("Lainnya", "Ditipu, penipuan online", "Fraud, also online"),
    "PUNGLI": ("Lainnya", "Pungli", "Illegal levy"),
    "OKNUM": ("Lainnya", "Polisi berbuat salah", "An officer did wrong"),
    "INFO_LAYANAN": ("Lainnya", "Tanya SIM, SKCK", "Licences, certificates"),
    "PALSU": ("Lainnya", "Laporan palsu", "False report"),
}
AWAY = ("Menjauh dulu. Tunggu di tempat terang dan ramai.", "Get away first. Wait somewhere bright and busy.")
ADVISED = ("CURAS_BEGAL", "TAWURAN_GENG")  # everybody was told so; whoever hides in a house must not be
NEW = ("tile_en", "advice_id", "advice_en")


def upgrade() -> None:
    with op.batch_alter_table("category", schema=None) as batch_op:
        for name in NEW:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
    category = sa.table("category", *(sa.column(name, sa.String()) for name in ("code", "tile", *NEW)))
    for code, (was, tile, tile_en) in SAID.items():
        named = sa.update(category).where(category.c.code == code)
        op.execute(named.where(category.c.tile == was).values(tile=tile, tile_en=tile_en))
    advised = sa.update(category).where(category.c.code.in_(ADVISED))
    op.execute(advised.values(advice_id=AWAY[0], advice_en=AWAY[1]))


def downgrade() -> None:
    with op.batch_alter_table("category", schema=None) as batch_op:
        for name in reversed(NEW):
            batch_op.drop_column(name)
