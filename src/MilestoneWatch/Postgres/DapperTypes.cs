using System.Data;
using System.Runtime.CompilerServices;
using Dapper;
using NodaTime;

namespace MilestoneWatch.Postgres;

/// <summary>Teaches Dapper, once, the types that it would otherwise misread without a word.</summary>
internal static class DapperTypes
{
    [ModuleInitializer]
    internal static void Register()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new AsIs<Instant>());
        SqlMapper.AddTypeHandler(new AsIs<LocalDate>());
        SqlMapper.AddTypeHandler(new AsIs<LocalTime>());
    }

    /// <summary>Npgsql's NodaTime plugin maps it: hand the value over as it is, and refuse anything else.</summary>
    private sealed class AsIs<T> : SqlMapper.TypeHandler<T>
        where T : struct
    {
        public override void SetValue(IDbDataParameter parameter, T value) => parameter.Value = value;

        public override T Parse(object value) =>
            value is T known ? known : throw new InvalidCastException($"a {value.GetType().Name} from the database is no {typeof(T).Name}");
    }
}
