using System.CommandLine;
using MnistApi.Imaging;
using MnistApi.Inference;

namespace MnistApi.Cli.Verbs;

/// <summary>mnist predict WEIGHTS IMAGE...: the digit, or the number, in each picture.</summary>
internal static class PredictVerb
{
    public static Command Create()
    {
        var weights = Weights.Argument();
        var images = new Argument<FileInfo[]>("IMAGE") { Description = "PNG or JPEG files.", Arity = ArgumentArity.OneOrMore };
        var expect = Options.Of("--expect", "What each picture has in it: digit or number.", "digit");
        expect.AcceptOnlyFromAmong("digit", "number");
        var verb = new Command("predict", "Recognise the digit or the number in each picture.") { weights, images, expect };
        verb.SetAction(parsed =>
        {
            var network = Weights.Load(parsed.GetRequiredValue(weights)).Network;
            var unread = 0;
            foreach (var image in parsed.GetRequiredValue(images))
            {
                try
                {
                    Predict(network, image, parsed.GetRequiredValue(expect) == "number", parsed.InvocationConfiguration.Output);
                }
                catch (Exception error) when (error is PictureException or IOException or UnauthorizedAccessException)
                {
                    unread++;
                    parsed.InvocationConfiguration.Error.WriteLine($"mnist: {image.FullName}: {MnistCommand.Plain(error.Message)}");
                }
            }
            return unread == 0 ? 0 : MnistCommand.BadInput;
        });
        return verb;
    }

    private static void Predict(Network network, FileInfo image, bool isNumber, TextWriter output)
    {
        var file = File.ReadAllBytes(image.FullName);
        var (digits, together) = ("", 1f);
        foreach (var digit in (isNumber ? DigitReader.ReadNumber(file) : DigitReader.ReadDigit(file)).Digits)
        {
            var probabilities = new float[network.Outputs];
            network.Forward(digit.Pixels, probabilities);
            var best = Classes.Best(probabilities);
            digits += (char)('0' + best);
            together *= probabilities[best];
        }
        output.WriteLine($"{image.Name}: {digits} ({together:F4})");
    }
}
