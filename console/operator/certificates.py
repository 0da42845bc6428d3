"""A certificate by an authority of our own, for a command without a public name.

The authority may vouch for this one host and for nothing else (name constraints), so that a screen
which trusts it risks nothing beyond. It is made once and kept: a renewal needs no visit to the screens.
"""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS, SERVER_DAYS = 3650, 397  # browsers refuse a server certificate that lasts longer
HOW = """Certificate for {host}, valid until {until:%Y-%m-%d}. Start the server with

    SIAGA_HOST={host} SIAGA_TLS_CERT={cert} SIAGA_TLS_KEY={key} ./run.sh

Every screen must trust the authority once. Bring it {authority} (a file, no secret):
  Debian, Ubuntu   cp it to /usr/local/share/ca-certificates/siaga.crt, then update-ca-certificates
  Chromium kiosk   certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n siaga -i siaga.crt
  Windows          double-click, Install, Local Machine, Trusted Root Certification Authorities
  Android          Settings, Security, Encryption & credentials, Install a certificate, CA certificate
  iPhone           open the file, install the profile, then Settings, General, About, Certificate Trust Settings
SHA-256 of the authority, to compare on the screen:
  {fingerprint}
Run this command again before the certificate ends: the authority stays, no screen needs a visit."""


def make(host: str, folder: Path) -> str:
    """Writes the certificate and, the first time, the authority. Returns what to do with them."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = host.replace(":", "-").replace("*", "_")
    authority_file, authority_key_file = folder / f"{name}.authority.crt", folder / f"{name}.authority.key"
    if authority_file.exists():
        authority = x509.load_pem_x509_certificate(authority_file.read_bytes())
        signer = serialization.load_pem_private_key(authority_key_file.read_bytes(), None)
        assert isinstance(signer, ec.EllipticCurvePrivateKey)
    else:
        signer = ec.generate_private_key(ec.SECP256R1())
        authority = _authority(host, signer)
        _write(authority_key_file, _pem(signer), 0o600)
        _write(authority_file, authority.public_bytes(serialization.Encoding.PEM), 0o644)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _server(host, key, authority, signer)
    cert_file, key_file = folder / f"{name}.crt", folder / f"{name}.key"
    _write(key_file, _pem(key), 0o600)
    _write(cert_file, certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    return HOW.format(
        host=host,
        until=certificate.not_valid_after_utc,
        cert=cert_file,
        key=key_file,
        authority=authority_file,
        fingerprint=authority.fingerprint(hashes.SHA256()).hex(":").upper(),
    )


def _authority(host: str, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = _named(f"Siaga authority for {host}")
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    return (
        _begun(name, name, key, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints([_only(host)], None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _server(
    host: str, key: ec.EllipticCurvePrivateKey, authority: x509.Certificate, signer: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
    return (
        _begun(_named(host), authority.subject, key, SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_alternative(host)]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    since = datetime.now(UTC) - timedelta(hours=1)  # a screen's clock may be a little behind
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=days))
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _only(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_network(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes, mode: int) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=mode)
    path.write_bytes(content)
