package org.plenum.sfu.dtls;

import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;

/// The client that [DtlsWarmUp] and the tests talk to us with. It trusts any server.
class ClientPeer extends DefaultTlsClient {
  private final DtlsCertificate certificate;
  private final int[] srtpProfiles;

  ClientPeer(DtlsCertificate certificate, int... srtpProfiles) {
    super(DtlsCertificate.CRYPTO);
    this.certificate = certificate;
    this.srtpProfiles = srtpProfiles.clone();
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return new int[] {CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256};
  }

  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public Hashtable getClientExtensions() throws IOException {
    Hashtable extensions = super.getClientExtensions();
    if (srtpProfiles.length > 0) {
      TlsSRTPUtils.addUseSRTPExtension(
          extensions, new UseSRTPData(srtpProfiles, TlsUtils.EMPTY_BYTES));
    }
    return extensions;
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return new TlsAuthentication() {
      @Override
      public void notifyServerCertificate(TlsServerCertificate ignored) {}

      @Override
      public TlsCredentials getClientCredentials(CertificateRequest ignored) {
        return new BcDefaultTlsCredentialedSigner(
            new TlsCryptoParameters(context),
            DtlsCertificate.CRYPTO,
            certificate.privateKey(),
            certificate.chain(),
            SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
      }
    };
  }
}
