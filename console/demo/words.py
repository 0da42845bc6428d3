"""The words and places of the demo.

All of it is made up. The mix follows what Polrestabes Medan counted in 2023 (curat 4310, penganiayaan 1966,
curanmor 1310, narkoba 807, curas 588, peras/ancam 236, judi 70), beside what an emergency line hears that
no statistic of crimes holds: accidents, fires, noise, traffic, lost papers, pranks.
"""

WEIGHTS = {
    "CURAT": 16, "ANIAYA": 9, "CURANMOR": 12, "NARKOBA": 7, "CURAS_BEGAL": 9, "PERAS_PREMAN": 5, "JUDI": 3,
    "LAKA": 9, "KERIBUTAN": 8, "MACET": 6, "TAWURAN_GENG": 5, "BALAP_LIAR": 4, "KDRT_PPA": 3, "KEBAKARAN": 2,
    "BENCANA": 2, "ORANG_HILANG": 2, "BARANG_HILANG": 4, "PENIPUAN": 4, "PUNGLI": 2, "INFO_LAYANAN": 3,
    "DARURAT_NYAWA": 2,
}  # fmt: skip

WORDS = {
    "CURAT": """
        Rumah dibongkar maling waktu kami pulang kampung. TV, laptop sama emas mamak habis semua.
        Besi pagar sekolah dicongkel orang malam ini, masih ada dua orang bawa becak barang.
        Kabel tower dipotong rayap besi lagi, orangnya lari ke arah rel.
        Ruko sebelah kemasukan maling lewat atap, sekarang masih ada suara di dalam pak.
        Tabung gas sama mesin air warung saya hilang, kunci pintu belakang dirusak.
        Kaca mobil dipecah, tas isi laptop dan surat penting diambil.
        Tutup parit besi sepanjang gang kami habis dicuri, tadi malam empat, malam ini dua lagi.
        Kos-kosan dibobol siang tadi, tiga kamar kena, HP dan dompet hilang. Ada CCTV di depan.
        Meteran air tetangga dicopot orang, kami tangkap satu, sekarang diamankan warga. Tolong cepat sebelum diamuk massa.
        Gudang dibobol, dua orang masih manjat pagar belakang, satu pakai topi merah.""",
    "ANIAYA": """
        Adik saya dikeroyok empat orang di warung tuak, kepalanya berdarah. Mereka masih di sini.
        Tukang parkir dipukul pakai besi gara-gara rebutan lahan, orangnya sudah tergeletak.
        Ada ribut utang, bapak itu ditikam di perut pak, darahnya banyak. Sudah kami telepon ambulans.
        Sopir angkot dikeroyok penumpang mabuk, mukanya bengkak, sekarang dia sembunyi di loket.
        Tetangga berkelahi bawa parang, satu kena tangannya. Belum ada yang berani melerai.
        Saya dipukul debt collector di depan rumah, mereka masih menunggu di mobil hitam.""",
    "CURANMOR": """
        Motor Vario hitam BK 4471 AJD hilang dari parkiran ruko, baru sepuluh menit. CCTV kelihatan dua orang.
        Beat putih saya diambil dari depan minimarket waktu saya beli pulsa, kunci saya cabut padahal.
        Kereta saya hilang di parkiran mesjid waktu sholat Isya. Scoopy coklat BK 2290 AKC.
        Ada dua orang dorong motor tanpa plat, pas ditanya lari. Motornya ditinggal di depan rumah saya.
        Pickup L300 hilang dari halaman, GPS masih nyala, lokasinya jalan ke arah Binjai.
        Kereta NMax abang saya dibawa orang yang ngaku mau beli, dites jalan terus tidak balik.
        Maling kereta tertangkap warga, satu lagi lari bawa motornya. Massa makin ramai, tolong dijemput.
        KLX anak kos hilang, gemboknya dipotong. Jam 20.15 masih ada, 20.40 sudah tidak ada.""",
    "NARKOBA": """
        Rumah kosong ujung gang dipakai nyabu tiap malam, sekarang ada lima orang di dalam.
        Ada yang jual paket di bawah jembatan, anak sekolah pun beli. Tolong jangan bilang saya yang lapor.
        Mobil Avanza silver berhenti tiap malam di pinggir sungai, ada transaksi, barusan datang lagi.
        Lapak sabu di pinggir rel buka terang-terangan, yang jaga bawa HT.
        Kamar kos lantai dua bau menyengat, keluar masuk orang tak dikenal sampai subuh.""",
    "CURAS_BEGAL": """
        Dua orang naik matic hitam rampas tas ibu saya, yang dibonceng pegang celurit. Lari ke arah Jl. Gajah Mada.
        HP adik saya dijambret waktu naik becak, dua orang naik RX King, ke arah simpang.
        Saya dibegal barusan pak, kereta dibawa, tangan saya kena bacok. Saya di warung nasi sekarang.
        Ojek online dirampok penumpangnya sendiri, pakai pisau. Korban luka di leher tapi masih sadar.
        Empat orang pakai dua motor mepet saya di bawah flyover, tas kerja ditarik sampai saya jatuh.
        Toko emas kecil mau dirampok, satu bawa airsoft, pemilik teriak mereka kabur ke gang.
        Kalung ibu ditarik di depan pajak, sampai jatuh dan lututnya robek. Orangnya pakai helm bogo putih.
        Anak kuliah dipepet geng, dompet dan HP diambil, mereka masih mutar-mutar di sini cari mangsa.""",
    "PERAS_PREMAN": """
        Preman minta uang keamanan tiap lapak lima puluh ribu, yang tidak kasih dagangannya ditendang.
        Truk kami distop, sopir dimintai uang SPSI, dipukul pintunya. Masih di lokasi sekarang.
        Saya diancam mau dibakar warungnya kalau tidak setor malam ini juga.
        Ada yang ngaku wartawan minta uang di proyek rumah kami, ancam mau diviralkan.
        Juru parkir liar minta dua puluh ribu, kami tidak mau, ban mobil dikempesi.""",
    "JUDI": """
        Warung kopi buka judi tembak ikan, ramai sampai subuh, anak sekolah pun ikut.
        Main dadu di belakang pasar, sekitar dua puluh orang, ada yang jaga di simpang gang.
        Togel online terang-terangan di kedai, malam ini lagi ramai kali.""",
    "LAKA": """
        Sepeda motor tabrakan sama angkot 64, dua orang luka, satu tidak sadar.
        Truk tangki senggol becak motor, penumpangnya terjepit. Jalan macet total.
        Mobil masuk parit, sopirnya bau minuman, penumpang perempuan luka di kepala.
        Anak kecil ketabrak kereta di depan sekolah, yang nabrak lari ke arah Amplas.
        Tabrakan beruntun empat mobil di fly over, ada bensin tumpah di jalan.
        Pengendara ojol jatuh kena lubang, kakinya patah, butuh ambulans sama pengatur jalan.
        Becak dan motor adu kambing, kedua-duanya luka. Warga sudah mulai ribut siapa salah.
        Bus malam serempet warung, satu ibu kena pecahan kaca.""",
    "KERIBUTAN": """
        Kafe lantai dua musiknya kuat kali pak, sudah lewat jam dua belas, anak saya besok ujian.
        Keyboard pesta tidak berhenti-berhenti, sudah ditegur kepling tetap lanjut.
        Anak muda mabuk teriak-teriak di depan gang, lempar botol ke rumah warga.
        Ribut suami istri di kos sebelah sampai banting-banting barang, warga jadi takut.
        Orang stres bawa kayu duduk di depan toko, pelanggan tidak berani masuk.
        Dua rumah ribut soal tembok, sudah maki-makian dan bawa cangkul.
        Sekelompok anak main petasan ke arah jalan, hampir kena orang naik motor.""",
    "MACET": """
        Lampu merah mati total, angkot saling serobot, tidak ada yang atur.
        Truk kontainer mogok di tengah simpang, antrian sudah sampai rumah sakit.
        Parkir liar dua lapis di depan mal, ambulans tadi tidak bisa lewat.
        Pohon kecil menutup satu jalur, orang lawan arah semua.
        Pedagang durian ambil badan jalan, mobil berhenti sembarangan, macet parah.""",
    "TAWURAN_GENG": """
        Geng motor kumpul sekitar tiga puluh orang bawa kelewang, mau serang kampung sebelah.
        Anak-anak tawuran pakai petasan dan batu, warga tutup pintu semua. Ada yang bawa celurit panjang.
        Rombongan motor bonceng tiga seret parang di aspal, mutar-mutar sudah dua kali.
        Dua kelompok pemuda saling lempar di simpang rel, kaca rumah pecah.
        Ada yang kena panah di kaki pak, mereka lari ke arah sungai, sebagian masih di jembatan.""",
    "BALAP_LIAR": """
        Balap liar di jalan lurus depan bandara lama, tutup jalan dua arah, ratusan penonton.
        Anak-anak trek-trekan tiap malam Rabu, knalpot brong, tadi hampir nabrak ibu hamil.
        Konvoi motor tanpa lampu, ada yang bawa bendera, jalan ditutup seenaknya.
        Taruhan balap liar, sudah pasang garis start pakai pilox. Mulai sebentar lagi katanya.""",
    "KDRT_PPA": """
        Tetangga saya dipukuli suaminya, terdengar minta tolong, anaknya dua orang menangis.
        Saya dikunci suami di kamar, HP hampir habis baterai. Tolong datang pelan-pelan.
        Anak perempuan sekitar delapan tahun dipukul bapaknya pakai tali pinggang, hampir tiap malam.
        Kakak ipar saya dicekik suaminya, sekarang lari ke rumah kami, dia menyusul bawa pisau.""",
    "KEBAKARAN": """
        Rumah papan terbakar di gang padat, api sudah ke atap tetangga. Masih ada orang tua di dalam.
        Kios di pajak terbakar, asapnya hitam, banyak tabung gas di situ.
        Trafo meledak, apinya jatuh ke atap ruko. Listrik satu jalan padam.""",
    "BENCANA": """
        Air sungai naik sudah sepinggang di pinggir Deli, ada nenek tidak bisa jalan di rumah panggung.
        Pohon besar tumbang menimpa kabel dan mobil, jalan tertutup semua.
        Atap rumah diterbangkan angin kencang, tiga rumah, belum tahu ada korban.""",
    "ORANG_HILANG": """
        Anak saya umur sembilan tahun belum pulang dari mengaji sejak magrib, baju koko putih.
        Ompung kami pikun keluar rumah pakai sarung, sudah tiga jam dicari tidak ketemu.
        Anak gadis 16 tahun pergi naik mobil orang yang dikenal dari internet, HP-nya mati.""",
    "BARANG_HILANG": """
        Dompet hilang di angkot, isinya KTP, SIM dan kartu ATM. Bagaimana urus surat kehilangan?
        STNK tercecer waktu hujan, butuh surat keterangan untuk urus yang baru.
        Ijazah hilang di travel Medan–Siantar, tolong arahannya.
        Paspor ketinggalan di taksi, pesawat besok pagi. Tolong dibantu.""",
    "PENIPUAN": """
        Beli HP di marketplace, uang tiga juta sudah ditransfer, nomor saya diblokir.
        Ada yang ngaku dari bank minta kode OTP, tabungan ibu terkuras delapan belas juta.
        Arisan online kabur, kami ada dua puluh tujuh orang korbannya.
        Ditelepon ngaku polisi, katanya anak saya ditangkap dan minta uang damai. Anak saya ada di rumah.""",
    "PUNGLI": """
        Tiap truk yang keluar gudang diminta sepuluh ribu tanpa karcis, katanya untuk pemuda setempat.
        Urus surat di kantor lurah diminta uang rokok lima puluh ribu.
        Parkir di rumah sakit diminta dua kali, masuk bayar keluar bayar lagi tanpa karcis.""",
    "INFO_LAYANAN": """
        Perpanjang SIM C bisa malam atau harus pagi? Di gerai mana yang dekat Medan Johor?
        SKCK untuk kerja syaratnya apa saja, bisa daftar online?
        Mau tanya jadwal SIM keliling besok di Lapangan Merdeka.
        Izin keramaian untuk pesta adat Sabtu depan, diurus ke polsek atau polres?""",
    "DARURAT_NYAWA": """
        Ada orang naik ke pagar jembatan mau lompat, tolong cepat.
        Laki-laki mengamuk bawa parang di tengah jalan, orang lari semua.
        Respons Cepat ditekan, tanpa kata.""",
}  # fmt: skip
PRANKS = ("coba", "tes tes 123", "halo pak, cuma coba-coba aplikasinya", "anak saya yang pencet, maaf")
FIRE = """
    Kebakaran pak, apinya besar di belakang rumah kami!
    Ada asap tebal dari gang, sepertinya gudang kapuk itu terbakar.
    Tolong kirim damkar, api sudah lewat dua rumah, angin kencang.
    Saya lihat dari lantai tiga, apinya merah kali, orang-orang angkut barang.
    Rumah mamak saya dekat situ, jalannya sempit, damkar bisa masuk dari belakang mesjid.
    Masih ada anak kos di lantai dua yang terjebak!!
    Tabung gas meledak dua kali. Tolong cepat.
    Listrik belum diputus, kabelnya jatuh dan masih menyala.
    Jalan macet karena orang nonton, tolong ada yang atur supaya damkar bisa lewat.
    Saya kirim foto dari jembatan, kelihatan jelas apinya.
    Sudah ada warga yang sesak napas, tolong ambulans juga.
    Ini kebakaran yang di belakang pajak ya? Apinya makin besar.
"""
REPLIES = """
    Sudah aman pak, saya di dalam rumah. Mereka belum balik.
    Masih di sini pak, saya tunggu di depan Indomaret.
    Plat nya kalau tidak salah BK 5 sekian AHY, motor matic hitam.
    Tidak ada yang luka pak, cuma syok saja.
    Ada dua orang luka, sudah dibawa warga ke klinik.
    Orangnya pakai jaket hijau sama helm hitam, kurus.
    Patokannya samping bengkel las, gangnya muat satu mobil.
    Sekitar sepuluh orang pak, sebagian sudah pergi.
    Saya sudah kirim fotonya tadi, bisa dilihat?
    Baik pak, terima kasih. Saya tunggu petugasnya.
    Nanti kalau petugas sampai tolong telepon saya dulu ya.
    Belum tahu pak, gelap kali di sini.
"""
QUESTIONS = """
    Apakah Bapak/Ibu aman sekarang?
    Bisa sebutkan ciri-ciri pelakunya?
    Nomor platnya sempat terlihat?
    Apakah ada yang terluka?
    Patokan tempatnya apa yang paling mudah?
    Berapa orang kira-kira di lokasi?
"""
CLOSING = """
    handled | Situasi aman, warga sudah kembali ke rumah.
    handled | Ditangani di tempat, patroli tetap mengawasi sampai pagi.
    arrested | Dua orang diamankan ke polsek untuk diperiksa.
    arrested | Satu pelaku diserahkan warga, barang bukti disita.
    settled | Kedua pihak berdamai, dibuat surat pernyataan.
    investigation | TKP sudah diolah, CCTV diminta dari pemilik ruko.
    investigation | Korban diarahkan membuat laporan ke polsek, saksi dicatat.
    nothing_found | Sudah disisir, tidak ditemukan yang dilaporkan.
"""
CALM = """
    handled | Kendaraan dipindahkan, arus sudah lancar.
    handled | Musik dimatikan, penanggung jawab ditegur.
    settled | Kedua pihak berdamai, dibuat surat pernyataan.
    handled | Situasi aman, warga sudah kembali ke rumah.
"""
THANKS = """
    5 | Cepat sekali datangnya, terima kasih pak.
    5 | Petugasnya ramah, situasi langsung tenang.
    5 | Mantap pak, sehat selalu.
    5 | Terima kasih, ibu saya sudah tenang sekarang.
    4 | Bagus, cuma agak lama menunggu.
    4 | Sudah ditangani, terima kasih.
    4 | Jawabannya jelas.
    3 | Datang, tapi orangnya sudah pergi.
    3 | Lumayan. Patroli sering-sering lah pak.
    2 | Lama sekali baru dibalas.
    1 | Belum ada kelanjutannya sampai sekarang.
"""
PLACES = """
    Babura | Jl. Iskandar Muda, depan minimarket
    Darat | Jl. Sei Batanghari, samping apotek
    Padang Bulan | Jl. Jamin Ginting, simpang kampus USU
    Merdeka | Jl. Abdullah Lubis, dekat kedai mie
    Titi Rante | Jl. Letjen Jamin Ginting, depan pajak sore
    Petisah Tengah | Jl. Rotan, belakang Pajak Petisah
    Sekip | Jl. Sekip, simpang Jl. Gereja
    Sei Putih Tengah | Jl. Ayahanda, depan warung nasi
    Sei Sikambing D | Jl. Gatot Subroto, dekat jembatan
    Kesawan | Jl. Ahmad Yani, depan gedung tua
    Silalas | Jl. Putri Hijau, samping pool bus
    Sei Agul | Jl. Karya, depan bengkel las
    Karang Berombak | Jl. Karya Cilincing, ujung gang
    Glugur Kota | Jl. Yos Sudarso, simpang Jl. Pertempuran
    Pulo Berayan Kota | Jl. Yos Sudarso, bawah jembatan layang Brayan
    Helvetia Tengah | Jl. Matahari Raya, parkiran ruko
    Helvetia Timur | Jl. Kapten Muslim, depan Pajak Sei Sikambing
    Tanjung Gusta | Jl. Kelambir V, dekat sekolah
    Cinta Damai | Jl. Gatot Subroto km 6, samping SPBU
    Dwi Kora | Jl. Setia Luhur, gang Arjuna
    Sunggal | Jl. Pinang Baris, depan terminal
    Lalang | Jl. Gatot Subroto km 8, simpang Kampung Lalang
    Tanjung Rejo | Jl. Setia Budi, depan Pasar Setia Budi
    Babura Sunggal | Jl. Sei Serayu, samping klinik
    Tanjungsari | Jl. Setia Budi, kafe lantai dua
    Asam Kumbang | Jl. Bunga Raya, dekat taman buaya
    Sempakata | Jl. Bunga Cempaka, depan kos putri
    Simpang Selayang | Jl. Jamin Ginting km 10, simpang Pemda
    Mangga | Perumnas Simalingkar, Jl. Jahe Raya
    Laucih | Jl. Jamin Ginting, pasar induk
    Gedung Johor | Jl. Karya Wisata, dekat sekolah
    Pangkalan Mansur | Jl. A.H. Nasution, depan asrama haji
    Kwala Bekala | Jl. Luku, dekat gereja
    Titi Kuning | Jl. Brigjen Katamso, simpang Jl. Tritura
    Kampung Baru | Jl. Brigjen Katamso, gang Satria
    Aur | Jl. Mangkubumi, pinggir Sungai Deli
    Sukaraja | Jl. Juanda, bawah jalan layang
    Hamdan | Jl. Multatuli, komplek ruko
    Suka Damai | Jl. Adi Sucipto, dua arah
    Sari Rejo | Jl. Pipa, dekat lapangan
    Anggrung | Jl. Mongonsidi, simpang empat
    Madras Hulu | Jl. K.H. Zainul Arifin, dekat kuil
    Pusat Pasar | Pintu timur Pusat Pasar
    Sei Rengas I | Jl. Bandung, deretan toko sepeda
    Teladan Barat | Jl. Sisingamangaraja, depan stadion
    Teladan Timur | Jl. Gedung Arca, simpang kampus
    Sudirejo II | Jl. Menteng Raya, gang Benteng
    Sitirejo I | Jl. Pelangi, samping loket bus
    Pasar Merah Timur | Jl. H.M. Joni, gang Keluarga
    Sukaramai II | Jl. A.R. Hakim, gang padat
    Kota Matsum II | Jl. Puri, dekat mesjid
    Tegal Sari III | Jl. Denai, simpang Jl. Jermal
    Tegal S Mandala II | Jl. Mandala By Pass, depan SPBU
    Binjai | Jl. Menteng VII, komplek perumahan
    Medan Tenggara | Jl. Panglima Denai, gudang botot
    Amplas | Bawah jalan layang Amplas
    Harjosari II | Jl. Garu VI, ujung gang
    Timbang Deli | Jl. Pertahanan, dekat rel
    Bandar Selamat | Jl. Letda Sujono, depan pintu tol
    Sidorejo | Jl. Letda Sujono, simpang rel
    Bantan | Jl. Taduan, belakang pajak
    Tembung | Jl. Besar Tembung, pasar X
    Indra Kasih | Jl. Willem Iskandar, depan kampus Unimed
    Sidorame Timur | Jl. Pelita IV, dekat parit besar
    Pahlawan | Jl. Pahlawan, gang Anggrek
    Sei Kera Hilir I | Jl. Prof. H.M. Yamin, depan rumah sakit
    Glugur Darat I | Jl. Bilal, simpang Jl. Alfalah
    P Berayan Darat II | Jl. Krakatau, depan Pajak Palapa
    Gaharu | Jl. Stasiun, samping kereta api
    Perintis | Jl. Perintis Kemerdekaan, seberang Merdeka Walk
"""
