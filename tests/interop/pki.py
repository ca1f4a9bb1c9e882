"""Certificates of the test's own, made with the openssl command; and socat as the TLS of tools that have none."""

from pathlib import Path

from processes import Daemon, accepts_connections, free_port, run, wait_until


class Pair:
    """A certificate and its key, and the authorities that its owner believes."""

    def __init__(self, certificate, key, authorities):
        self.certificate, self.key, self.authorities = certificate, key, authorities

    def configuration(self, **more):
        """As `tls` of the gateway."""
        return {"certificate": str(self.certificate), "key": str(self.key), "authorities": str(self.authorities),
                **more}

    def of_dcmtk(self):
        return ["+tls", self.key, self.certificate, "+cf", self.authorities]

    def of_orthanc(self):
        return {"DicomTlsEnabled": True, "DicomTlsCertificate": str(self.certificate),
                "DicomTlsPrivateKey": str(self.key), "DicomTlsTrustedCertificates": str(self.authorities)}

    def of_socat(self):
        return f"cert={self.certificate},key={self.key},cafile={self.authorities},verify=1"


class Authority:
    def __init__(self, folder, name):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.certificate, self.key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        self._make(name, self.certificate, self.key, "basicConstraints=critical,CA:TRUE")

    def _make(self, name, certificate, key, *options):
        extensions = [part for option in options for part in ("-addext", option)]
        done = run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", "30",
                    "-subj", f"/O=Test/CN={name}", "-keyout", key, "-out", certificate, *extensions,
                    *([] if certificate == self.certificate else ["-CA", self.certificate, "-CAkey", self.key])])
        if done.status != 0:
            raise RuntimeError(str(done))
        key.chmod(0o600)

    def issue(self, name, alternative_names, believes=None):
        """For CN=`name`; its owner believes this authority, or the one that is given."""
        pair = Pair(self.folder / f"{name}.pem", self.folder / f"{name}.key", (believes or self).certificate)
        self._make(name, pair.certificate, pair.key, f"subjectAltName={alternative_names}",
                   "basicConstraints=critical,CA:FALSE")
        return pair


class _Relay:
    def __init__(self, listen, target, log):
        """`listen`: what stands before and behind the port."""
        self.port = free_port()
        before, behind = listen
        self.daemon = Daemon("socat", ["socat", f"{before}:{self.port},bind=127.0.0.1,reuseaddr,fork{behind}", target],
                             log)
        wait_until(lambda: accepts_connections(self.port), "socat")

    def stop(self):
        self.daemon.stop()


class ToTls(_Relay):
    """A plain port that leads to a TLS port whose certificate is for CN=`name`, with this one."""

    def __init__(self, port, name, pair, log):
        super().__init__(("TCP-LISTEN", ""), f"OPENSSL:127.0.0.1:{port},{pair.of_socat()},commonname={name}", log)


class FromTls(_Relay):
    """A TLS port that leads to a plain port, and takes only certificates of the authority that is believed."""

    def __init__(self, port, pair, log):
        super().__init__(("OPENSSL-LISTEN", "," + pair.of_socat()), f"TCP:127.0.0.1:{port}", log)
