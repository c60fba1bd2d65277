namespace MnistApi.Problems;

/// <summary>The statuses of the problems that an endpoint answers with, beside those of every endpoint: for the document.</summary>
internal sealed record ProblemStatuses(IReadOnlyList<int> Statuses);

/// <summary>Such a problem that no request alone can cause, or that one would cost much to cause.</summary>
internal sealed record ProblemExample(int Status, string Detail);

internal static class ProblemStatusesMetadata
{
    public static TBuilder AnswersProblems<TBuilder>(this TBuilder endpoint, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ProblemStatuses(statuses));

    public static TBuilder AnswersProblem<TBuilder>(this TBuilder endpoint, RefusedException refused)
        where TBuilder : IEndpointConventionBuilder
    {
        var (status, detail) = ProblemSetup.Map(refused, isAborted: false);
        return endpoint.WithMetadata(new ProblemStatuses([status]), new ProblemExample(status, detail));
    }
}
