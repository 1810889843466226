using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace MilestoneWatch.Mail;

/// <summary>A private key to sign mails with, RSA or Ed25519, read from a PEM file. Safe from several threads at once.</summary>
internal sealed class DkimKey
{
    // RFC 8301 §3.2 says signers should use this much; receivers begin to refuse less
    private const int LeastBits = 2048;
    private const string Make = "`mw dkim generate` makes one";

    private readonly AsymmetricKeyParameter _key;

    // the platform's RSA, eight times as fast as BouncyCastle's; one such object is not promised to bear two threads
    private readonly ConcurrentBag<RSA> _free = [];

    private DkimKey(AsymmetricKeyParameter key) => _key = key;

    /// <summary>As the a= tag has it.</summary>
    public string Algorithm => _key is RsaPrivateCrtKeyParameters ? "rsa-sha256" : "ed25519-sha256";

    /// <summary>What the domain publishes: the TXT record's text (RFC 6376 §3.6.1, RFC 8463 §4.2).</summary>
    public string Record =>
        _key is RsaPrivateCrtKeyParameters rsa
            ? $"v=DKIM1; k=rsa; p={Convert.ToBase64String(Published(new RsaKeyParameters(false, rsa.Modulus, rsa.PublicExponent)))}"
            : $"v=DKIM1; k=ed25519; p={Convert.ToBase64String(((Ed25519PrivateKeyParameters)_key).GeneratePublicKey().GetEncoded())}";

    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        if (_key is not RsaPrivateCrtKeyParameters parameters)
        {
            var edwards = new Ed25519Signer();
            edwards.Init(forSigning: true, _key);
            edwards.BlockUpdate(SHA256.HashData(data));
            return edwards.GenerateSignature();
        }
        var rsa = _free.TryTake(out var free) ? free : RSA.Create(DotNetUtilities.ToRSAParameters(parameters));
        var signature = rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _free.Add(rsa);
        return signature;
    }

    /// <summary>False with what is wrong and how to mend it, to follow the setting's name.</summary>
    public static bool TryRead(string file, [NotNullWhen(true)] out DkimKey? key, [NotNullWhen(false)] out string? problem)
    {
        key = null;
        problem = null;
        if (file.Length == 0)
        {
            problem = $"is not set: name a key file ({Make})";
            return false;
        }
        string pem;
        try
        {
            pem = File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"names {file}, which cannot be read ({e.Message}): put the key there ({Make})";
            return false;
        }
        switch (Parse(pem))
        {
            case RsaPrivateCrtKeyParameters rsa when rsa.Modulus.BitLength < LeastBits:
                problem =
                    $"names {file}, an RSA key of {rsa.Modulus.BitLength} bits, which receivers refuse: give one of {LeastBits} or more ({Make})";
                break;
            case AsymmetricKeyParameter found and (RsaPrivateCrtKeyParameters or Ed25519PrivateKeyParameters):
                key = new DkimKey(found);
                break;
            case AsymmetricKeyParameter { IsPrivate: true }:
                problem = $"names {file}, a key that is neither RSA nor Ed25519: give one that is ({Make})";
                break;
            case AsymmetricKeyParameter:
                problem = $"names {file}, a public key: give the private one";
                break;
            default:
                problem = pem.Contains("ENCRYPTED", StringComparison.Ordinal)
                    ? $"names {file}, an encrypted key: decrypt it (`openssl pkey -in … -out …`), readable by this service only"
                    : $"names {file}, which is no private key in PEM: give one ({Make})";
                break;
        }
        return key is not null;
    }

    /// <summary>A new private key in PEM (PKCS#8).</summary>
    public static string Generate(bool ed25519)
    {
        if (!ed25519)
        {
            using var rsa = RSA.Create(LeastBits);
            return rsa.ExportPkcs8PrivateKeyPem() + "\n";
        }
        var key = PrivateKeyInfoFactory.CreatePrivateKeyInfo(new Ed25519PrivateKeyParameters(new SecureRandom())).GetEncoded();
        return PemEncoding.WriteString("PRIVATE KEY", key) + "\n";
    }

    private static object? Parse(string pem)
    {
        try
        {
            using var text = new StringReader(pem);
            var read = new PemReader(text).ReadObject();
            return read is AsymmetricCipherKeyPair pair ? pair.Private : read;
        }
        // bad Base64, bad ASN.1 and missing passwords: each has exceptions of its own
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static byte[] Published(RsaKeyParameters key) => SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(key).GetEncoded();
}
