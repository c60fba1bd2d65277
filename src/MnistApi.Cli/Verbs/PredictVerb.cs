using System.CommandLine;
using System.Globalization;
using MnistApi.Imaging;
using MnistApi.Inference;

namespace MnistApi.Cli.Verbs;

/// <summary>mnist predict WEIGHTS IMAGE.png...: the digit in each picture.</summary>
internal static class PredictVerb
{
    public static Command Create()
    {
        var weights = Weights.Argument();
        var images = new Argument<FileInfo[]>("IMAGE") { Description = "PNG files.", Arity = ArgumentArity.OneOrMore };
        var verb = new Command("predict", "Recognise the digit in each picture.") { weights, images };
        verb.SetAction(parsed =>
        {
            var network = Weights.Load(parsed.GetRequiredValue(weights)).Network;
            var unread = 0;
            foreach (var image in parsed.GetRequiredValue(images))
            {
                try
                {
                    Predict(network, image, parsed.InvocationConfiguration.Output);
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

    private static void Predict(Network network, FileInfo image, TextWriter output)
    {
        var pixels = new byte[network.Inputs];
        DigitReader.Read(File.ReadAllBytes(image.FullName), pixels);
        var probabilities = new float[network.Outputs];
        network.Forward(pixels, probabilities);
        var digit = Classes.Best(probabilities);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{image.Name}: {digit} ({probabilities[digit]:F4})"));
    }
}
