namespace MnistApi.Imaging;

/// <summary>
/// All that is done to a decoded picture, in the order of doing. A step takes the page as the ones before left it, changes it, and says
/// whether it did; the names read after "Your picture was".
/// </summary>
internal static class StepTable
{
    public static readonly Step[] All =
    [
        new(Steps.Reduced, "averaged to at most 512 pixels a side", page => page.Source.Cell > 1), // while it was decoded
        new(Steps.AlphaIsInk, "read by its opacity", Transparency.TakeAsInk),
        new(Steps.LaidOverWhite, "laid over white", Transparency.LayOverWhite),
        new(Steps.InkColour, "made grey along its ink's colour", InkColour.ToGrey),
        new(Steps.Turned, "turned upright", Orientation.Turn),
        new(Steps.Resized, "averaged to 28x28", MnistRecipe.Resize), // where nothing else was asked for
        new(Steps.None, "", MnistRecipe.Pass), // as one of MNIST's own
        new(Steps.Inverted, "inverted", Background.Invert),
        new(Steps.Evened, "freed of uneven light", Background.Remove),
        new(Steps.GrainRemoved, "cleared of grain", InkLevels.Stretch),
        new(Steps.LinesRemoved, "cleared of ruled lines", RuledLines.Remove),
        new(Steps.SpecksRemoved, "cleared of specks", DigitFinder.Find),
        new(Steps.Thickened, "thickened", StrokeWidth.Thicken),
        new(Steps.Thinned, "thinned", StrokeWidth.Thin),
        new(Steps.Centred, "centred at MNIST's size", MnistRecipe.Apply),
    ];

    /// <summary>Does what is to be done, until the page's digits are as the network wants them; returns what was.</summary>
    /// <exception cref="PictureException">There is nothing to read.</exception>
    public static Steps Run(Page page)
    {
        var done = Steps.None;
        foreach (var step in All)
        {
            if (step.Do(page))
                done |= step.Kind;
            if (page.IsRead)
                break;
        }
        return done;
    }

    /// <summary>Only what makes a page grey and upright.</summary>
    public static void ToGrey(Page page)
    {
        foreach (var step in All.TakeWhile(step => step.Kind != Steps.Resized))
            step.Do(page);
    }

    /// <summary>One step.</summary>
    /// <param name="Kind">What it is to a caller.</param>
    /// <param name="Name">The same in words.</param>
    /// <param name="Do">Changes the page; returns whether it did.</param>
    public readonly record struct Step(Steps Kind, string Name, Func<Page, bool> Do);
}
