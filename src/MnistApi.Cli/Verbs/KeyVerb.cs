using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text;

namespace MnistApi.Cli.Verbs;

/// <summary>mnist key NAME: an API key for the service's client, and the hash that the service is told.</summary>
internal static class KeyVerb
{
    private const int RandomBytes = 32;

    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "Whose key it is." };
        const string About = "Make an API key for the service: the key is for the client alone, the service is told its hash.";
        var verb = new Command("key", About) { name };
        verb.SetAction(parsed =>
        {
            // So much chance that the hash needs no salt and no slowness: nobody can try them all.
            var key = $"mnist_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes))}";
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
            var client = MnistCommand.Plain(parsed.GetRequiredValue(name));
            parsed.InvocationConfiguration.Output.WriteLine($$$"""
                key     {{{key}}}
                sha256  {{{hash}}}

                The key is shown this once. For the service, in the file that Access__File names (read again when it changes):
                {"Access":{"Keys":[{"Name":"{{{client}}}","Sha256":"{{{hash}}}"}]}}
                """);
        });
        return verb;
    }
}
